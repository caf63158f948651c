//! The classes with their signs and colours.

use super::state::MapOfSet;
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::label::{cut, line};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// Signs of the classes where colours do not tell them apart.
const SIGNS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The sign of a class; of those beyond the signs a common one.
pub fn sign(class: usize) -> char {
    SIGNS.get(class).map_or('#', |sign| char::from(*sign))
}

/// Whether images are drawn as signs, not as dots.
pub fn is_in_signs(theme: Theme) -> bool {
    theme.ascii || theme.depth == Depth::None
}

/// The sign of images that were taken for another class.
pub fn wrong_sign(theme: Theme) -> char {
    if theme.ascii { '!' } else { '×' }
}

/// Lines that the legend of so many classes wants: one each, and one for the mistakes.
pub fn wanted_lines(classes: usize) -> usize {
    classes + 1
}

/// Draws it: the classes that have room, the mistakes, and how many classes have none.
pub fn draw(
    map: &MapOfSet,
    frame: &mut Frame<'_>,
    area: Rect,
    (classes, wrong): (usize, usize),
    shared: &Shared,
) {
    let theme = shared.theme;
    let width = usize::from(area.width);
    let height = usize::from(area.height);
    let is_cut = wanted_lines(classes) > height;
    let shown = match is_cut {
        true => height.saturating_sub(2),
        false => classes,
    };
    // A class that stands out is among those that are named.
    let first = map
        .class
        .map_or(0, |class| (class + 1).saturating_sub(shown.max(1)));
    let mut lines: Vec<Line<'_>> = Vec::new();
    for class in first..first + shown {
        let stands_out = map.class == Some(class);
        let is_dim = map.class.is_some() && !stands_out;
        let style = match is_dim {
            true => theme.dim(),
            false => theme.class(class),
        };
        let mark = match is_in_signs(theme) {
            true => sign(class),
            false => '●',
        };
        let name = cut(&shared.class_name(class), width.saturating_sub(2), theme);
        let name_style = match stands_out {
            true => Style::new().add_modifier(Modifier::BOLD),
            false => theme.dim(),
        };
        lines.push(Line::from(vec![
            Span::styled(format!("{mark} "), style),
            Span::styled(name, name_style),
        ]));
    }
    let text = cut(&format!("wrong: {wrong}"), width.saturating_sub(2), theme);
    lines.push(Line::from(vec![
        Span::styled(format!("{} ", wrong_sign(theme)), theme.bad()),
        Span::styled(text, theme.dim()),
    ]));
    if is_cut {
        let text = format!("  and {} classes more", classes - shown);
        lines.push(Line::styled(cut(&text, width, theme), theme.dim()));
    }
    for (index, text) in lines.into_iter().enumerate().take(height) {
        frame.render_widget(text, line(area, index));
    }
}
