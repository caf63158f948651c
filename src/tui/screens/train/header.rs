//! Name and phase of the run, its numbers, how far it is, and its latest batches.

use super::pace;
use super::steering::Dial;
use crate::spec::{Precision, Spec, Validation};
use crate::text::{clock, count, escape_controls, short_decimal};
use crate::tui::run_state::{Phase, RunState};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut, plain};
use crate::tui::widgets::{gauge, sparkline};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

/// Rows that the header takes of `area`.
pub fn height(area: Rect, run: Option<&RunState>) -> u16 {
    let wanted = match run {
        None => 2,
        Some(_) if area.height >= 17 => 5,
        Some(_) if area.height >= 13 => 4,
        Some(_) if area.height >= 10 => 3,
        Some(_) => 1,
    };
    wanted.min(area.height)
}

/// The line above other runs' curves, before the first run.
pub fn draw_without_run(frame: &mut Frame<'_>, area: Rect, next: &Spec, theme: Theme) {
    let line = Line::from(vec![
        Span::raw("no run yet; "),
        Span::styled("t", theme.accent()),
        Span::raw(format!(" trains {}", escape_controls(&next.name))),
    ]);
    frame.render_widget(line, area);
}

/// Draws as many of the rows as fit, the most important first.
pub fn draw(frame: &mut Frame<'_>, area: Rect, run: &RunState, dial: Dial, shared: &Shared) {
    let theme = shared.theme;
    let row = |index: u16| {
        let row = Rect {
            y: area.y.saturating_add(index),
            height: 1,
            ..area
        };
        row.intersection(area)
    };
    draw_title(frame, row(0), run, shared);
    match &run.phase {
        Phase::Diverged(message) | Phase::Failed(message) => {
            let rest = Rect {
                y: area.y.saturating_add(1),
                height: area.height.saturating_sub(1),
                ..area
            };
            let text = Paragraph::new(escape_controls(message)).style(theme.bad());
            frame.render_widget(text.wrap(Wrap { trim: true }), rest.intersection(area));
        }
        Phase::Starting => {
            let text = Span::styled("checking and building the network", theme.dim());
            frame.render_widget(text, row(1));
        }
        _ => {
            if area.height >= 2 {
                draw_gauges(frame, row(1), run, theme);
            }
            match &run.not_saving {
                Some(reason) => draw_not_saving(frame, row(2), reason, theme),
                None => draw_numbers(frame, row(2), run, dial, theme),
            }
            // With room for one of the two, what there is to say comes first.
            let is_remarked = run.remark.is_some() && area.height == 4;
            match is_remarked {
                true => draw_remark(frame, row(3), run, theme),
                false => draw_batches(frame, row(3), run, theme),
            }
            draw_remark(frame, row(4), run, theme);
        }
    }
}

/// The phase in words.
fn phase(run: &RunState, theme: Theme) -> (&'static str, Style) {
    match run.phase {
        Phase::Starting => ("starting", theme.dim()),
        Phase::Running => ("running", theme.good()),
        Phase::Paused => ("paused, Space goes on", theme.warning()),
        Phase::Finishing => ("finishing this epoch", theme.warning()),
        Phase::Done {
            stopped_early: true,
        } => ("stopped, Space goes on", theme.warning()),
        Phase::Done {
            stopped_early: false,
        } => ("done", theme.good()),
        Phase::Diverged(_) => ("diverged", theme.bad()),
        Phase::Failed(_) => ("failed", theme.bad()),
    }
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, run: &RunState, shared: &Shared) {
    let theme = shared.theme;
    let (phase, style) = phase(run, theme);
    let right = if run.is_active() {
        pace::seconds_left(run).map(|left| ("ETA ", clock(left)))
    } else {
        // As Runs has it: the epochs that are finished.
        let seconds = run.epochs.iter().map(|epoch| epoch.seconds).sum();
        (!run.epochs.is_empty()).then(|| ("trained ", clock(seconds)))
    };
    let right = right.map_or(Line::default(), |(label, time)| {
        Line::from(vec![Span::styled(label, theme.dim()), Span::raw(time)])
    });
    let place = shared.seeds.place(run);
    let place = place.map_or_else(String::new, |(seed, of)| format!(", seed {seed} of {of}"));
    let taken = phase.width() + right.width() + place.width() + 6;
    let name = cut(
        &run.title,
        usize::from(area.width).saturating_sub(taken).max(4),
        theme,
    );
    let mut left = Line::from(vec![
        Span::styled(name, Style::new().add_modifier(Modifier::BOLD)),
        Span::raw(format!("{place}  ")),
        Span::styled(theme.sign("● ", "* "), style),
        Span::styled(phase, style),
    ]);
    let room = usize::from(area.width).saturating_sub(left.width() + right.width() + 6);
    if run.spec.validation.is_test() {
        let notes = [Validation::IS_TEST, Validation::IS_TEST_IN_SHORT];
        let note = notes.into_iter().find(|note| note.len() <= room);
        left.extend(note.map(|note| Span::styled(format!("   {note}"), theme.dim())));
    }
    if left.width() + right.width() < usize::from(area.width) {
        frame.render_widget(right.right_aligned(), area);
    }
    frame.render_widget(left, area);
}

fn draw_gauges(frame: &mut Frame<'_>, area: Rect, run: &RunState, theme: Theme) {
    let halves = [Constraint::Fill(1), Constraint::Fill(1)];
    let [epoch, whole] = Layout::horizontal(halves).spacing(2).areas(area);
    let (batch, batches) = match (run.batches.last(), &run.start) {
        (Some(last), _) => (last.batch, last.batches),
        (None, start) => (0, start.as_ref().map_or(0, |start| start.batches_per_epoch)),
    };
    let share = |done: f64, of: usize| if of == 0 { 0.0 } else { done / of as f64 };
    let of_epoch = share(batch as f64, batches);
    let planned = run.spec.epochs;
    let done = run.epochs.len();
    // Between an epoch's last batch and its evaluation the batches already count in full.
    let current = run.batches.last().map_or(0, |last| last.epoch);
    let part = if current > done { of_epoch } else { 0.0 };
    let aligned = |done: usize, of: usize| {
        let width = of.to_string().len();
        format!("{done:>width$}/{of}")
    };
    gauge::draw(
        frame,
        epoch,
        theme,
        "epoch",
        of_epoch,
        &aligned(batch, batches),
    );
    let share = share(done as f64 + part, planned);
    gauge::draw(frame, whole, theme, "run", share, &aligned(done, planned));
}

/// Why the run is not being saved, in place of its numbers.
fn draw_not_saving(frame: &mut Frame<'_>, area: Rect, reason: &str, theme: Theme) {
    let text = format!("NOT SAVING: {}", escape_controls(reason));
    let text = cut(&text, usize::from(area.width), theme);
    frame.render_widget(Span::styled(text, theme.bad()), area);
}

/// Speed, time per epoch, learning rate, parameters, seed: as many as fit.
fn draw_numbers(frame: &mut Frame<'_>, area: Rect, run: &RunState, dial: Dial, theme: Theme) {
    let last = run.batches.last();
    let mut parts: Vec<(&str, String, &str)> = Vec::new();
    if let Some(rate) = pace::images_per_second(run) {
        parts.push(("", format!("{rate:.0}"), " images/s"));
    }
    if let Some((seconds, is_estimate)) = pace::seconds_per_epoch(run) {
        let about = if is_estimate { "~" } else { "" };
        parts.push(("", format!("{about}{}", clock(seconds)), " per epoch"));
    }
    let rate = last.map_or(run.spec.learning_rate, |batch| batch.learning_rate);
    parts.push(("learning rate ", short_decimal(rate), ""));
    // Another setting that + and - change stands here while it is chosen.
    if dial != Dial::LearningRate
        && let Some(value) = dial.value(&run.spec)
    {
        parts.push((dial.title(), format!(" {value}"), ""));
    }
    if let Some(start) = &run.start {
        let (asked, used) = (run.spec.precision, start.precision);
        // f32 is not mentioned, unless the spec has another precision.
        if asked == Precision::Auto {
            parts.push(("", used.name().to_owned(), " by auto"));
        } else if used != asked {
            let text = format!("{} instead of {}", used.name(), asked.name());
            parts.push(("", text, ""));
        } else if used != Precision::default() {
            parts.push(("", used.name().to_owned(), ""));
        }
        parts.push(("", count(start.parameters), " parameters"));
    }
    parts.push(("seed ", run.spec.seed.to_string(), ""));
    let mut spans = Vec::new();
    let mut width = 0;
    for (before, value, behind) in parts {
        let part = before.width() + value.width() + behind.width();
        if width + part > usize::from(area.width) {
            break;
        }
        width += part + 3;
        spans.push(Span::styled(before, theme.dim()));
        spans.push(Span::raw(value));
        spans.push(Span::styled(format!("{behind}   "), theme.dim()));
    }
    frame.render_widget(Line::from(spans), area);
}

/// What there is to say about the curves, if there is something and room for it.
fn draw_remark(frame: &mut Frame<'_>, area: Rect, run: &RunState, theme: Theme) {
    let width = usize::from(area.width);
    let remark = run.remark.as_ref().and_then(|remark| remark.within(width));
    if let Some(remark) = remark {
        frame.render_widget(Span::styled(plain(&remark, theme), theme.dim()), area);
    }
}

/// Accuracy and loss of the epoch's batches.
fn draw_batches(frame: &mut Frame<'_>, area: Rect, run: &RunState, theme: Theme) {
    let halves = [Constraint::Fill(1), Constraint::Fill(1)];
    let [left, right] = Layout::horizontal(halves).spacing(2).areas(area);
    let accuracies: Vec<f64> = run.batches.iter().map(|batch| batch.accuracy).collect();
    let losses: Vec<f64> = run
        .batches
        .iter()
        .map(|batch| f64::from(batch.loss))
        .collect();
    let total = run.batches.last().map_or(0, |last| last.batches);
    for (area, label, values, decimals) in [
        (left, "batch accuracy", accuracies, 3),
        (right, "loss", losses, 3),
    ] {
        let Some(last) = values.last() else { continue };
        let label = if area.width < 36 {
            label.trim_start_matches("batch ")
        } else {
            label
        };
        let text = format!(" {last:>6.decimals$}");
        let room = usize::from(area.width).saturating_sub(label.len() + 1 + text.len());
        let bars = sparkline::bars(&values, total, room, theme);
        let line = Line::from(vec![
            Span::styled(format!("{label} "), theme.dim()),
            Span::styled(format!("{bars:room$}"), theme.training()),
            Span::raw(text),
        ]);
        frame.render_widget(line, area);
    }
}
