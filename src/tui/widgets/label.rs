//! Text cut, aligned and counted to fit.

pub use crate::text::grouped;
use crate::tui::theme::Theme;
use ratatui::layout::Rect;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `text` in at most `width` cells; an ellipsis tells where something is missing.
pub fn cut(text: &str, width: usize, theme: Theme) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mark = theme.sign("…", "~");
    // A name of three letters says more than two letters and a dot.
    let room = if width > 4 { width - 1 } else { width };
    let mut cut = String::new();
    let mut used = 0;
    for letter in text.chars() {
        let wide = letter.width().unwrap_or(0);
        if used + wide > room {
            break;
        }
        used += wide;
        cut.push(letter);
    }
    if room < width {
        cut.push_str(mark);
    }
    cut
}

/// `text` cut to `width` cells and filled up with spaces, flush left.
pub fn left(text: &str, width: usize, theme: Theme) -> String {
    let text = cut(text, width, theme);
    let missing = width.saturating_sub(text.width());
    text + &" ".repeat(missing)
}

/// `text` cut to `width` cells and filled up with spaces, flush right.
pub fn right(text: &str, width: usize, theme: Theme) -> String {
    let text = cut(text, width, theme);
    " ".repeat(width.saturating_sub(text.width())) + &text
}

/// A horizontal bar of `share` (0 to 1) of `width` cells, in eighths of a cell.
pub fn bar(share: f64, width: usize, theme: Theme) -> String {
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    if theme.ascii {
        return "#".repeat((share * width as f64).round() as usize);
    }
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share * width as f64 * 8.0).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// Text of ours with the signs that the terminal can show.
pub fn plain(text: &str, theme: Theme) -> String {
    if theme.ascii {
        text.replace('×', "x")
            .replace('·', "-")
            .replace('→', "->")
            .replace('…', "...")
    } else {
        text.to_owned()
    }
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
    fn text_is_cut_and_aligned_by_cells() {
        let theme = Theme::default();
        assert_eq!(cut("T-shirt/top", 6, theme), "T-shi…");
        assert_eq!(cut("Trouser", 3, theme), "Tro");
        assert_eq!(right("Bag", 5, theme), "  Bag");
        assert_eq!(left("靴靴靴", 5, theme), "靴靴…");
        let ascii = Theme {
            ascii: true,
            ..theme
        };
        assert_eq!(left("Ankle boot", 7, ascii), "Ankle ~");
        assert_eq!(cut("abc", 0, theme), "");
    }

    #[test]
    fn bars_end_at_their_share() {
        let theme = Theme::default();
        assert_eq!(bar(0.5, 4, theme), "██");
        assert_eq!(bar(0.3125, 4, theme), "█▎");
        assert_eq!(bar(f64::NAN, 4, theme), "");
        assert_eq!(bar(7.0, 2, theme), "██");
    }
}
