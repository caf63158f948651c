//! Which rows of a long list are shown.

use crate::tui::theme::Theme;
use std::ops::Range;

/// `length` of `count` rows or columns, with `middle` in the middle where that is possible.
pub fn window(middle: usize, length: usize, count: usize) -> Range<usize> {
    let start = middle
        .saturating_sub(length / 2)
        .min(count.saturating_sub(length));
    start..(start + length).min(count)
}

/// Stands at the end of row `index` where it is the first or the last in view of `count`: how many are out of view
/// there.
pub fn more(index: usize, view: &Range<usize>, count: usize, theme: Theme) -> String {
    if index + 1 == view.end && view.end < count {
        format!(" {} {} more ", theme.sign("▾", "v"), count - view.end)
    } else if index == view.start && view.start > 0 {
        format!(" {} {} more ", theme.sign("▴", "^"), view.start)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn the_window_follows_the_cursor_and_stays_inside() {
        assert_eq!(window(0, 10, 256), 0..10);
        assert_eq!(window(100, 10, 256), 95..105);
        assert_eq!(window(255, 10, 256), 246..256);
        assert_eq!(window(3, 10, 10), 0..10);
        assert_eq!(window(0, 0, 0), 0..0);
    }
}
