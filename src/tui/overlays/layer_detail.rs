//! All that is known of one layer: its histograms, its numbers, and what is wrong with it.

use crate::insight::{Finding, details, spread};
use crate::nn::probe::{Activations, BINS, LayerStatistics};
use crate::text::{histogram, pad_end, short_decimal, width, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::label::plain;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Cells left of the histograms.
const LABEL: usize = 22;
/// Lines of numbers and of what is wrong, at most.
const TEXT: u16 = 5;

/// Lines of each histogram where the whole view has `height`.
fn bars(height: u16) -> u16 {
    match height {
        ..26 => 2,
        26..44 => 4,
        _ => 7,
    }
}

/// Lines that the details take where the whole view has `height`.
pub fn height(height: u16) -> u16 {
    // The name, both histograms, their axis.
    (2 + 2 * bars(height) + TEXT).min(height.saturating_sub(4))
}

/// Draws the layer called `name`.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    (name, layer): (&str, &LayerStatistics),
    found: Vec<&Finding>,
) {
    let cells = usize::from(area.width);
    // Whole cells a bin.
    let columns = BINS * (cells.saturating_sub(LABEL) / BINS).clamp(1, 2);
    let lines = area.height.saturating_sub(2 + TEXT) / 2;
    let style = theme.accent().add_modifier(Modifier::BOLD);
    let mut text = vec![Line::styled(plain(name, theme), style)];
    for (label, values, style) in [
        ("training", &layer.training, theme.training()),
        ("evaluation", &layer.evaluation, theme.validation()),
    ] {
        text.extend(bars_of(label, values, (columns, lines), style, theme));
    }
    text.push(axis(layer.range, columns, theme));
    for line in details(layer) {
        text.push(Line::raw(plain(&line, theme)));
    }
    if found.is_empty() {
        text.push(Line::styled("Nothing unusual.", theme.dim()));
    }
    for Finding { symptom, fact, .. } in found {
        let sentence = format!("{fact}. {}", symptom.meaning());
        let mut letters = sentence.chars();
        let first = letters
            .next()
            .map(|letter| letter.to_uppercase().to_string());
        let sentence = first.unwrap_or_default() + letters.as_str();
        let wrapped = wrap(&plain(&sentence, theme), cells).into_iter();
        text.extend(wrapped.map(|line| Line::styled(line, theme.warning())));
    }
    frame.render_widget(Paragraph::new(text), area);
}

/// A histogram of `lines` lines, with its mean at the left.
fn bars_of(
    label: &str,
    values: &Activations,
    (columns, lines): (usize, u16),
    style: Style,
    theme: Theme,
) -> Vec<Line<'static>> {
    let bars = histogram(&values.bins, columns, usize::from(lines), theme.ascii);
    let line = |(line, bars): (usize, String)| {
        let label = match line {
            0 => label.to_owned(),
            1 => plain(&spread(values), theme),
            _ => String::new(),
        };
        Line::from(vec![
            Span::styled(pad_end(&label, LABEL), theme.dim()),
            Span::styled(bars, style),
        ])
    };
    bars.into_iter().enumerate().map(line).collect()
}

/// The ends of both histograms.
fn axis((low, high): (f64, f64), columns: usize, theme: Theme) -> Line<'static> {
    let (low, high) = (short_decimal(low), short_decimal(high));
    let between = columns.saturating_sub(width(&low) + width(&high));
    let text = format!("{}{low}{}{high}", " ".repeat(LABEL), " ".repeat(between));
    Line::styled(text, theme.dim())
}
