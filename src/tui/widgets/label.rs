//! The functions of [`text`] with the characters of a theme.

use crate::text;
pub use crate::text::grouped;
use crate::tui::theme::Theme;
use ratatui::layout::Rect;

/// [`text::cut`] with the theme's ellipsis.
pub fn cut(text: &str, width: usize, theme: Theme) -> String {
    text::cut(text, width, theme.ascii)
}

/// [`text::cut_marked`] with the theme's ellipsis.
pub fn cut_marked(text: &str, width: usize, theme: Theme) -> String {
    text::cut_marked(text, width, theme.ascii)
}

/// [`text::left`] with the theme's ellipsis.
pub fn left(text: &str, width: usize, theme: Theme) -> String {
    text::left(text, width, theme.ascii)
}

/// [`text::right`] with the theme's ellipsis.
pub fn right(text: &str, width: usize, theme: Theme) -> String {
    text::right(text, width, theme.ascii)
}

/// [`text::bar()`] of the theme's characters.
pub fn bar(share: f64, width: usize, theme: Theme) -> String {
    text::bar(share, width, theme.ascii)
}

/// [`text::plain()`] if the theme is for ASCII.
pub fn plain(text: &str, theme: Theme) -> String {
    text::plain(text, theme.ascii)
}

/// What a run is called, in exactly so many cells: where that is too long, the end that tells runs apart,
/// `, seed 2`, stays.
pub fn called(name: &str, width: usize, theme: Theme) -> String {
    let tail = name.rfind(", ").map_or("", |end| &name[end..]);
    let room = width.saturating_sub(text::width(tail));
    if text::width(name) <= width || tail.is_empty() || room < 5 {
        return left(name, width, theme);
    }
    let head = cut(&name[..name.len() - tail.len()], room, theme);
    left(&(head + tail), width, theme)
}

/// The `index`-th line of `area`; empty below its end.
pub fn line(area: Rect, index: usize) -> Rect {
    let index = index.min(usize::from(area.height)) as u16;
    Rect {
        y: area.y.saturating_add(index),
        height: 1,
        ..area
    }
    .intersection(area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_name_the_seed_stays() {
        let named = |width| {
            called(
                "bn-dropout, adamw, lr 0.01, seed 2",
                width,
                Theme::default(),
            )
        };
        assert_eq!(named(36), "bn-dropout, adamw, lr 0.01, seed 2  ");
        assert_eq!(named(20), "bn-dropout,…, seed 2");
        assert_eq!(
            called("20261127-101500-tiny", 10, Theme::default()),
            "20261127-…"
        );
    }
}
