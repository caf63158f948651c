//! Which lines of a list are in view.

use std::cell::Cell;
use std::ops::Range;

/// The first of `len` lines to show in `height`: last time's first line, moved as little as possible to
/// bring `wanted` into view.
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
}
