//! Draws the list of classes.

use super::facts::{Facts, Kind};
use super::geometry::Geometry;
use super::words;
use crate::text::grouped;
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{bar, left, line, right};
use crate::tui::widgets::window::more;
use ratatui::Frame;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// Draws the heads of the columns and the classes in view. Bars and percentages are of the images of
/// `kind`; a bar is full at the largest class.
pub fn draw(
    frame: &mut Frame<'_>,
    place: &Geometry,
    facts: &Facts,
    (chosen, kind): (usize, Kind),
    shared: &Shared,
) {
    let theme = shared.theme;
    let columns = place.columns;
    let head = |text: &str, width: usize, of: Kind| {
        let shown = if of == kind {
            color(kind, theme)
        } else {
            theme.dim()
        };
        Span::styled(right(text, width, theme), shown)
    };
    let heads = Line::from(vec![
        Span::styled(left("  class", 2 + columns.name, theme), theme.dim()),
        head("train", columns.train, Kind::Training),
        head("val.", columns.validation, Kind::Validation),
        Span::styled(right("share", columns.percent, theme), theme.dim()),
    ]);
    frame.render_widget(heads, place.heads);
    let (split, counts) = facts.split(kind);
    let largest = counts.iter().max().copied().unwrap_or(0).max(1);
    for (row, class) in place.rows.clone().enumerate() {
        let (mark, style) = if class == chosen {
            (theme.sign("› ", "> "), theme.selected())
        } else {
            ("  ", Style::new())
        };
        let count = |counts: &[usize], width: usize| {
            let count = counts.get(class).copied().unwrap_or(0);
            let style = if count == 0 {
                theme.bad()
            } else {
                Style::new()
            };
            Span::styled(right(&grouped(count as u64), width, theme), style)
        };
        let images = counts.get(class).copied().unwrap_or(0);
        let share = match columns.percent {
            0 => String::new(),
            width => right(&words::percent(images, split.len()), width, theme),
        };
        let bar = bar(images as f64 / largest as f64, columns.bar, theme);
        let spans = vec![
            Span::styled(mark, theme.accent()),
            Span::raw(left(facts.name(class), columns.name, theme)),
            count(&facts.train, columns.train),
            count(&facts.validation, columns.validation),
            Span::styled(share, if class == chosen { style } else { theme.dim() }),
            Span::raw(" "),
            // A bar is drawn in the letters' colour: reversed it would vanish.
            Span::styled(
                left(&bar, columns.bar, theme),
                color(kind, theme).remove_modifier(Modifier::REVERSED),
            ),
        ];
        let at = line(place.list, row);
        frame.render_widget(Line::from(spans).style(style), at);
        let more = more(class, &place.rows, facts.classes(), theme);
        frame.render_widget(Line::styled(more, theme.accent()).right_aligned(), at);
    }
}

/// The colour that training or validation has on every screen.
pub fn color(kind: Kind, theme: Theme) -> Style {
    match kind {
        Kind::Training => theme.training(),
        Kind::Validation => theme.validation(),
    }
}
