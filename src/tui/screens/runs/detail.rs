//! What the chosen run was and how it went.

use crate::runs::Fold;
use crate::spec::Spec;
use crate::stats::Accuracy;
use crate::text::{escape_controls, short_decimal, width};
use crate::train::best_epoch;
use crate::tui::run_state::PastRun;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut, plain};
use crate::tui::widgets::line_chart::{LineChart, Series};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

/// Draws the run's summary, and its curve where there is room. `fold` has the runs that differ from it by the
/// seed alone.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    (run, fold): (&PastRun, Option<&Fold>),
    theme: Theme,
) {
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
    let title = format!("{line}{line} {} ", run.name);
    let title = cut(&title, usize::from(rule.width), theme);
    let used = width(&title);
    let rest = line.repeat(usize::from(rule.width).saturating_sub(used));
    frame.render_widget(Span::styled(format!("{title}{rest}"), theme.dim()), rule);
    let spec = match &run.spec {
        Ok(spec) => spec,
        Err(reason) => {
            let text = Paragraph::new(escape_controls(reason)).style(theme.bad());
            frame.render_widget(text.wrap(Wrap { trim: true }), area);
            return;
        }
    };
    let text = Paragraph::new(summary(run, fold, spec, theme)).wrap(Wrap { trim: true });
    // Beside each other where the area is flat, below each other where it is tall.
    if area.height < 16 && area.width >= 60 {
        let halves = [Constraint::Fill(1), Constraint::Fill(1)];
        let [curve, words] = Layout::horizontal(halves).spacing(2).areas(area);
        draw_curve(frame, curve, run, theme);
        frame.render_widget(text, words);
    } else {
        let curve = (area.height / 2).min(14);
        let [curve, _, words] = Layout::vertical([
            Constraint::Length(curve),
            Constraint::Length(1),
            Constraint::Fill(1),
        ])
        .areas(area);
        draw_curve(frame, curve, run, theme);
        frame.render_widget(text, words);
    }
}

fn draw_curve(frame: &mut Frame<'_>, area: Rect, run: &PastRun, theme: Theme) {
    let [title, area] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    let (Some(first), Some(last)) = (run.epochs.first(), run.epochs.last()) else {
        frame.render_widget(Span::styled("no epoch was finished", theme.dim()), title);
        return;
    };
    frame.render_widget(
        Span::styled("accuracy", Style::new().add_modifier(Modifier::BOLD)),
        title,
    );
    let points = |training: bool| {
        let epochs = run.epochs.iter();
        let value = |epoch: &crate::train::EpochMetrics| {
            if training {
                epoch.train_accuracy
            } else {
                epoch.validation_accuracy
            }
        };
        epochs
            .map(|epoch| (epoch.epoch as f64, value(epoch)))
            .collect()
    };
    let series = |training, style, letter| Series {
        points: points(training),
        style,
        letter: Some(letter),
    };
    let best = best_epoch(&run.epochs);
    let chart = LineChart {
        theme,
        series: vec![
            series(true, theme.training(), 't'),
            series(false, theme.validation(), 'v'),
        ],
        x: (first.epoch as f64, last.epoch.max(first.epoch) as f64),
        logarithmic: false,
        limits: (0.0, 1.0),
        mark: best.map(|best| (best.epoch as f64, best.validation_accuracy)),
    };
    chart.draw(frame.buffer_mut(), area);
}

fn summary(run: &PastRun, fold: Option<&Fold>, spec: &Spec, theme: Theme) -> Vec<Line<'static>> {
    let row = |label: &str, value: String| {
        Line::from(vec![
            Span::styled(format!("{label:<11}"), theme.dim()),
            Span::raw(plain(&value, theme)),
        ])
    };
    let mut lines = Vec::new();
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
    lines.extend(
        fold.and_then(over_seeds)
            .map(|(label, value)| row(&label, value)),
    );
    if spec.validation.is_test() {
        lines.push(row("validation", "= test set, as in the study".to_owned()));
    }
    let rate = short_decimal(spec.learning_rate);
    lines.push(row(
        "optimizer",
        format!(
            "{} {rate}, {}",
            spec.optimizer.kind(),
            spec.schedule.in_words()
        ),
    ));
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
    if let Some(last) = run.steering.last() {
        let count = run.steering.len();
        let changes = format!("{count}, the last in epoch {}: {}", last.epoch, last.set);
        lines.push(row("steered", changes));
    }
    if !run.has_model {
        let none = "none; Enter opens the network alone".to_owned();
        lines.push(row("model", none));
    }
    let layers: Vec<String> = spec.layers.iter().map(ToString::to_string).collect();
    let layers = layers.join(theme.sign(" → ", " > "));
    let layers = if theme.ascii {
        layers.replace('×', "x")
    } else {
        layers
    };
    lines.push(Line::styled(layers, theme.dim()));
    lines
}

/// Mean and sample standard deviation over the seeds that are trained to their end, where there are several: on
/// the test images where others validated.
fn over_seeds(fold: &Fold) -> Option<(String, String)> {
    let tested = fold.test().map(|spread| (spread, "test"));
    let (spread, of) = tested.or_else(|| Some((fold.last()?, "last")))?;
    let label = format!("{} seeds", spread.count);
    (spread.count > 1).then(|| (label, format!("{spread} sd, {of}")))
}
