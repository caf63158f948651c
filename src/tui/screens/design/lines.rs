//! Small things about lines of text.

use crate::tui::theme::Theme;
use std::cell::Cell;
use std::ops::Range;

/// The text, cut with a sign where it is longer than `width`.
pub fn fit(text: &str, width: usize, theme: Theme) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let sign = theme.sign("…", "~");
    let kept = text.chars().take(width.saturating_sub(1));
    let cut: String = kept.collect();
    if width == 0 { cut } else { cut + sign }
}

/// The text with the few signs of our own spelled in ASCII, where only that can be shown.
pub fn ascii(text: &str, theme: Theme) -> String {
    if theme.ascii {
        text.chars()
            .map(|letter| match letter {
                '×' => 'x',
                '·' => '-',
                '┌' => ',',
                '│' => '|',
                '└' => '`',
                other => other,
            })
            .collect()
    } else {
        text.to_owned()
    }
}

/// Breaks the text between words.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The first of `len` lines to show in `height`: the view of last time, moved as little as it takes to
/// have `wanted` in it.
pub fn scroll_to(last: &Cell<usize>, wanted: Range<usize>, len: usize, height: usize) -> usize {
    let mut first = last.get();
    if wanted.end > first + height {
        first = wanted.end - height;
    }
    first = first.min(wanted.start).min(len.saturating_sub(height));
    last.set(first);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_moves_as_little_as_it_can() {
        let view = Cell::new(0);
        assert_eq!(scroll_to(&view, 4..5, 20, 5), 0);
        assert_eq!(scroll_to(&view, 9..10, 20, 5), 5);
        assert_eq!(scroll_to(&view, 6..7, 20, 5), 5);
        assert_eq!(scroll_to(&view, 2..8, 20, 5), 2);
        assert_eq!(scroll_to(&view, 1..2, 3, 5), 0);
    }

    #[test]
    fn text_is_cut_and_wrapped() {
        assert_eq!(fit("Conv2d", 4, Theme::default()), "Con…");
        assert_eq!(fit("Conv2d", 0, Theme::default()), "");
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
    }
}
