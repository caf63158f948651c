//! What the chosen run was and how it went.

use super::rows::Row;
use crate::runs::Fold;
use crate::spec::Spec;
use crate::stats::{Accuracy, Spread, line};
use crate::text::{count, escape_controls, short_decimal, ticks, width};
use crate::train::{EpochMetrics, best_epoch};
use crate::tui::run_state::PastRun;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut, plain};
use crate::tui::widgets::line_chart::{LineChart, Series, edges};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

/// Draws what the row is of: a summary, and a curve where there is room.
pub fn draw(frame: &mut Frame<'_>, area: Rect, row: Row<'_>, theme: Theme) {
    if area.height < 3 || area.width < 20 {
        return;
    }
    let (rule, area) = (
        Rect { height: 1, ..area },
        Rect {
            y: area.y + 1,
            height: area.height - 1,
            ..area
        },
    );
    let line = theme.sign("─", "-");
    let (title, spec) = match row {
        Row::Run(run) | Row::Seed(run) => (run.called().to_owned(), run.spec.as_ref()),
        Row::Fold { fold, .. } => {
            let Some(first) = fold.runs.first() else {
                return;
            };
            let title = format!("{} seeds of {}", fold.runs.len(), first.called());
            (title, first.spec.as_ref())
        }
    };
    let title = format!("{line}{line} {title} ");
    let title = cut(&title, usize::from(rule.width), theme);
    let used = width(&title);
    let rest = line.repeat(usize::from(rule.width).saturating_sub(used));
    frame.render_widget(Span::styled(format!("{title}{rest}"), theme.dim()), rule);
    let spec = match spec {
        Ok(spec) => spec,
        Err(reason) => {
            let text = Paragraph::new(escape_controls(reason)).style(theme.bad());
            frame.render_widget(text.wrap(Wrap { trim: true }), area);
            return;
        }
    };
    let (curves, lines) = match row {
        Row::Run(run) | Row::Seed(run) => (curves_of_run(run, theme), of_run(run, spec, theme)),
        Row::Fold { fold, .. } => (curves_of_fold(fold, theme), of_fold(fold, spec, theme)),
    };
    let text = Paragraph::new(lines).wrap(Wrap { trim: true });
    // Beside each other where the area is flat, below each other where it is tall.
    let (place, words) = if area.height < 16 && area.width >= 60 {
        let halves = [Constraint::Fill(1), Constraint::Fill(1)];
        let [curve, words] = Layout::horizontal(halves).spacing(2).areas(area);
        (curve, words)
    } else {
        let curve = (area.height / 2).min(14);
        let [curve, _, words] = Layout::vertical([
            Constraint::Length(curve),
            Constraint::Length(1),
            Constraint::Fill(1),
        ])
        .areas(area);
        (curve, words)
    };
    draw_curves(frame, place, curves, theme);
    frame.render_widget(text, words);
}

/// Curves of accuracy, and what stands above them.
struct Curves {
    title: &'static str,
    series: Vec<Series>,
    mark: Option<(f64, f64)>,
}

fn draw_curves(frame: &mut Frame<'_>, area: Rect, curves: Curves, theme: Theme) {
    let [title, area] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    let points = || curves.series.iter().flat_map(|series| &series.points);
    let Some(x) = ticks::range(points().map(|point| point.0)) else {
        frame.render_widget(Span::styled("no epoch was finished", theme.dim()), title);
        return;
    };
    let style = Style::new().add_modifier(Modifier::BOLD);
    frame.render_widget(Span::styled(plain(curves.title, theme), style), title);
    let chart = LineChart {
        theme,
        series: curves.series,
        x,
        logarithmic: false,
        limits: (0.0, 1.0),
        mark: curves.mark,
    };
    chart.draw(frame.buffer_mut(), area);
}

fn curves_of_run(run: &PastRun, theme: Theme) -> Curves {
    let series = |of: fn(&EpochMetrics) -> f64, style, letter| Series {
        points: {
            let epochs = run.epochs.iter();
            epochs
                .map(|epoch| (epoch.epoch as f64, of(epoch)))
                .collect()
        },
        style,
        letter: Some(letter),
        is_strong: letter == 'v',
    };
    let best = best_epoch(&run.epochs);
    Curves {
        title: "accuracy",
        series: vec![
            series(|epoch| epoch.train_accuracy, theme.training(), 't'),
            series(|epoch| epoch.validation_accuracy, theme.validation(), 'v'),
        ],
        mark: best.map(|best| (best.epoch as f64, best.validation_accuracy)),
    }
}

fn curves_of_fold(fold: &Fold, theme: Theme) -> Curves {
    let training = fold.band(|epoch| Some(epoch.train_accuracy));
    let validation = fold.band(|epoch| Some(epoch.validation_accuracy));
    let mean = |band: &[(usize, Spread)], style, letter| Series {
        points: line(band, 0.0),
        style,
        letter: Some(letter),
        is_strong: letter == 'v',
    };
    let [below, above] = edges(&validation, theme.dim());
    Curves {
        title: match validation.is_empty() {
            true => "",
            false => "accuracy, mean ± sd over the seeds",
        },
        series: vec![
            below,
            above,
            mean(&training, theme.training(), 't'),
            mean(&validation, theme.validation(), 'v'),
        ],
        mark: None,
    }
}

fn of_run(run: &PastRun, spec: &Spec, theme: Theme) -> Vec<Line<'static>> {
    let row = |label: &str, value: String| row(label, &value, theme);
    let mut lines = Vec::new();
    if !run.label.note.is_empty() {
        lines.push(row("note", run.label.note.clone()));
    }
    if !run.label.name.is_empty() {
        lines.push(row("folder", run.name.clone()));
    }
    let parameters = count(run.parameters);
    lines.push(row(
        "network",
        format!("{}, {parameters} parameters", run.title),
    ));
    if let Some((_, sweep)) = run.member() {
        lines.push(row("sweep", sweep.to_owned()));
    }
    if let Some(last) = run.epochs.last() {
        let pair = |a: f64, b: f64| format!("{a:.4} / {b:.4}");
        lines.push(Line::styled(
            format!("{:<11}t training / v validation", "last"),
            theme.dim(),
        ));
        lines.push(row(
            "accuracy",
            format!(
                "{:.4} / {}",
                last.train_accuracy,
                run.accuracy(last.validation_accuracy)
            ),
        ));
        lines.push(row("loss", pair(last.train_loss, last.validation_loss)));
    }
    if let Some(test) = run.test {
        let accuracy = |share| Accuracy::of(share, test.images);
        let best = accuracy(test.best.accuracy);
        lines.push(row("test, last", accuracy(test.last.accuracy).to_string()));
        lines.push(row("test, best", format!("{best}, picked")));
    }
    lines.extend(settings(spec, theme));
    lines.push(row(
        "batch",
        format!("{}, seed {}", spec.batch_size, spec.seed),
    ));
    if run.in_use {
        lines.push(row("state", "under way".to_owned()));
    } else if run.can_go_on() {
        lines.push(row("state", "interrupted; r goes on".to_owned()));
    }
    if let Some(origin) = &run.origin {
        lines.push(row("beginning", escape_controls(&origin.in_words())));
    }
    if let Some(changes) = run.steering_in_words() {
        lines.push(row("steered", changes));
    }
    if !run.has_model {
        let none = "none; Enter opens the network alone".to_owned();
        lines.push(row("model", none));
    }
    lines.push(layers(spec, theme));
    lines
}

fn of_fold(fold: &Fold, spec: &Spec, theme: Theme) -> Vec<Line<'static>> {
    let row = |label: &str, value: &str| row(label, value, theme);
    let seeds = fold
        .runs
        .iter()
        .filter_map(|run| Some(run.spec.as_ref().ok()?.seed));
    let mut seeds: Vec<u64> = seeds.collect();
    seeds.sort_unstable();
    let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let complete = fold.complete().len();
    let mut lines = vec![row("seeds", &seeds.join(", "))];
    if complete < fold.runs.len() {
        let text = format!("{complete} of {}; they alone count below", fold.runs.len());
        lines.push(row("complete", &text));
    }
    let spreads = [
        ("last", fold.last(), ""),
        ("best", fold.best(), ", picked"),
        ("test, last", fold.test(), ""),
    ];
    for (label, spread, note) in spreads {
        let Some(spread) = spread else { continue };
        let sd = if spread.count > 1 { " sd" } else { "" };
        lines.push(row(label, &format!("{spread}{sd}{note}")));
    }
    lines.extend(settings(spec, theme));
    lines.push(row("batch", &spec.batch_size.to_string()));
    lines.push(Line::styled(
        "Space or Enter shows them one by one",
        theme.dim(),
    ));
    lines.push(layers(spec, theme));
    lines
}

fn row(label: &str, value: &str, theme: Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("{label:<11}"), theme.dim()),
        Span::raw(plain(value, theme)),
    ])
}

/// What a run and its seeds have in common.
fn settings(spec: &Spec, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if spec.validation.is_test() {
        lines.push(row("validation", "= test set, as in the study", theme));
    }
    let rate = short_decimal(spec.learning_rate);
    let (kind, schedule) = (spec.optimizer.kind(), spec.schedule.in_words());
    lines.push(row(
        "optimiser",
        &format!("{kind} {rate}, {schedule}"),
        theme,
    ));
    lines
}

fn layers(spec: &Spec, theme: Theme) -> Line<'static> {
    let layers: Vec<String> = spec.layers.iter().map(ToString::to_string).collect();
    let layers = layers.join(theme.sign(" → ", " > "));
    let layers = if theme.ascii {
        layers.replace('×', "x")
    } else {
        layers
    };
    Line::styled(layers, theme.dim())
}
