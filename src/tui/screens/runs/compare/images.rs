//! The images that one of the two alone gets right.

use super::numbers::letter;
use super::state::{Compare, Measured};
use crate::insight::Comparison;
use crate::text::{escape_controls, grouped, pad_start};
use crate::tui::theme::Theme;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{left, plain};
use crate::tui::widgets::window::window;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Cells before what the two say: marker, letter, number.
const BEFORE: usize = 11;

/// Draws the list; returns the place of its rows, and the first image there.
pub fn draw(
    compare: &Compare,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Option<(Rect, usize)> {
    let Some(comparison) = compare.comparison() else {
        let text = match compare.measured {
            Measured::Failed(_) => "could not be compared",
            _ => "evaluating both …",
        };
        let text = Paragraph::new(plain(text, theme)).style(theme.dim());
        frame.render_widget(text, area);
        return None;
    };
    let paired = &comparison.paired;
    let count = |images: &[usize]| grouped(images.len() as u64);
    let title = Line::from(vec![
        Span::styled("only ", theme.dim()),
        letter(1, theme),
        Span::styled(" right: ", theme.dim()),
        Span::raw(count(&paired.second_alone)),
        Span::styled("   only ", theme.dim()),
        letter(0, theme),
        Span::styled(" right: ", theme.dim()),
        Span::raw(count(&paired.first_alone)),
    ]);
    let images = compare.images();
    let width = usize::from(area.width);
    let says = width.saturating_sub(BEFORE) / 2;
    let header = format!(
        "{}{}{}",
        pad_start("image  ", BEFORE),
        left("A says", says, theme),
        left("B says", says, theme)
    );
    let mut lines = vec![title];
    if !images.is_empty() {
        lines.push(Line::styled(header, theme.dim()));
    }
    let rows = below(area, lines.len() as u16);
    let shown = window(compare.chosen, usize::from(rows.height), images.len());
    let first = shown.start;
    for index in shown {
        let is_chosen = index == compare.chosen;
        let style = if is_chosen {
            theme.selected()
        } else {
            Style::new()
        };
        let image = images[index];
        // Those of B come first.
        let right = usize::from(index < paired.second_alone.len());
        let marker = if is_chosen {
            theme.sign("› ", "> ")
        } else {
            "  "
        };
        let mut spans = vec![
            Span::styled(marker, theme.accent()),
            letter(right, theme),
            Span::styled(
                pad_start(&format!("{}  ", grouped(image as u64)), BEFORE - 3),
                theme.dim(),
            ),
        ];
        for side in [0, 1] {
            let style = if side == right {
                theme.good()
            } else {
                theme.bad()
            };
            let text = says_of(comparison, side, image, says, theme);
            spans.push(Span::styled(text, style));
        }
        lines.push(Line::from(spans).style(style));
    }
    frame.render_widget(Paragraph::new(lines), area);
    (!images.is_empty()).then_some((rows, first))
}

/// The class that one of the two predicts, with its probability, in exactly `cells`.
fn says_of(
    comparison: &Comparison,
    side: usize,
    image: usize,
    cells: usize,
    theme: Theme,
) -> String {
    let evaluation = &comparison.sides[side].evaluation;
    let class = usize::from(evaluation.predictions.get(image).copied().unwrap_or(0));
    let probability = probabilities(comparison, side, image);
    let probability = probability.get(class).copied().unwrap_or(0.0);
    let name = class_name(comparison, class);
    let percent = pad_start(&format!("{:.0} %", 100.0 * probability), 6);
    format!("{}{percent}  ", left(&name, cells.saturating_sub(8), theme))
}

/// What one of the two makes of an image, `[classes]`.
pub fn probabilities(comparison: &Comparison, side: usize, image: usize) -> &[f32] {
    let evaluation = &comparison.sides[side].evaluation;
    let classes = evaluation.confusion.classes();
    let mut all = evaluation.probabilities.chunks_exact(classes.max(1));
    all.nth(image).unwrap_or_default()
}

/// The name of a class, safe to print.
pub fn class_name(comparison: &Comparison, class: usize) -> String {
    match comparison.class_names.get(class) {
        Some(name) => escape_controls(name),
        None => class.to_string(),
    }
}
