//! Text measured, cut, padded and wrapped by terminal cells.
//!
//! A Chinese character or an emoji takes two cells, a combining accent none. Text is cut between
//! graphemes, which is also how ratatui draws it: a letter keeps its accent, a flag stays whole.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The number of cells that `text` takes on one line. Escape control characters first: what a
/// terminal does with them is unknown.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The longest beginning of `text` that fits into `cells`.
pub fn first(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > cells {
            return &text[..start];
        }
    }
    text
}

/// The longest end of `text` that fits into `cells`.
pub fn last(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (start, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > cells {
            return &text[start + grapheme.len()..];
        }
    }
    text
}

/// `text` in at most `cells`; an ellipsis marks where something is missing. In four cells or fewer
/// there is no mark: three letters of a name say more than two letters and a dot.
pub fn cut(text: &str, cells: usize, ascii: bool) -> String {
    if cells > 4 {
        cut_marked(text, cells, ascii)
    } else {
        first(text, cells).to_owned()
    }
}

/// `text` in at most `cells`; an ellipsis marks where something is missing, however few the cells. Where that leaves
/// most of it, the text ends with a whole word.
pub fn cut_marked(text: &str, cells: usize, ascii: bool) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    match cells.checked_sub(1) {
        None => String::new(),
        Some(room) => {
            let kept = whole_words(text, first(text, room));
            kept.to_owned() + if ascii { "~" } else { "…" }
        }
    }
}

/// `kept`, the beginning of `text`, without a part of a word at its end; with it where little else would be left.
fn whole_words<'a>(text: &str, kept: &'a str) -> &'a str {
    let ends_with_word = text[kept.len()..].starts_with(char::is_whitespace);
    match kept.trim_end().rfind(char::is_whitespace) {
        Some(end) if !ends_with_word && 2 * width(&kept[..end]) >= width(kept) => {
            kept[..end].trim_end()
        }
        _ => kept.trim_end(),
    }
}

/// `text` filled up with spaces to `cells`, flush left. Longer text stays as it is.
pub fn pad_end(text: &str, cells: usize) -> String {
    text.to_owned() + &missing(text, cells)
}

/// `text` filled up with spaces to `cells`, flush right. Longer text stays as it is.
pub fn pad_start(text: &str, cells: usize) -> String {
    missing(text, cells) + text
}

fn missing(text: &str, cells: usize) -> String {
    " ".repeat(cells.saturating_sub(width(text)))
}

/// `text` in exactly `cells`, [cut] or padded, flush left.
pub fn left(text: &str, cells: usize, ascii: bool) -> String {
    pad_end(&cut(text, cells, ascii), cells)
}

/// `text` in exactly `cells`, [cut] or padded, flush right.
pub fn right(text: &str, cells: usize, ascii: bool) -> String {
    pad_start(&cut(text, cells, ascii), cells)
}

/// The words of `text` in lines of at most `cells`; a longer word has a line of its own.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= cells => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wide_characters_take_two_cells_and_accents_none() {
        for (text, cells) in [
            ("", 0),
            ("Bag", 3),
            ("靴", 2),
            ("e\u{301}", 1),
            ("\u{301}", 0),
            ("👍🏽", 2),
            ("❤\u{fe0f}", 2),
            ("🇩🇪", 2),
            ("a\u{1b}", 2),
        ] {
            assert_eq!(width(text), cells, "{text:?}");
        }
    }

    #[test]
    fn text_is_cut_and_aligned_by_cells() {
        assert_eq!(cut("T-shirt/top", 6, false), "T-shi…");
        assert_eq!(cut("Trouser", 3, false), "Tro");
        assert_eq!(cut("abc", 0, false), "");
        assert_eq!(right("Bag", 5, false), "  Bag");
        assert_eq!(left("靴靴靴", 5, false), "靴靴…");
        assert_eq!(left("Ankle boot", 7, true), "Ankle~ ");
        assert_eq!(
            cut_marked("no layer is called that", 18, false),
            "no layer is…"
        );
        assert_eq!(
            cut_marked("no layer is called that", 21, false),
            "no layer is called…"
        );
        assert_eq!(
            cut_marked("a preset of twenty layers", 10, false),
            "a preset…"
        );
        assert_eq!(cut_marked("a convolution", 10, false), "a convolu…");
        assert_eq!(cut_marked("Conv2d", 4, false), "Con…");
        assert_eq!(cut_marked("Conv2d", 0, false), "");
        // Half of a wide character is not shown; a space stands there.
        assert_eq!(left("靴靴靴", 4, false), "靴靴");
        assert_eq!(left("靴靴靴", 3, false), "靴 ");
        assert_eq!(right("靴靴靴靴", 6, true), " 靴靴~");
        assert_eq!(pad_end("靴", 4), "靴  ");
        assert_eq!(pad_start("靴", 4), "  靴");
    }

    #[test]
    fn text_is_cut_between_graphemes() {
        assert_eq!(first("e\u{301}e\u{301}", 1), "e\u{301}");
        assert_eq!(first("a🇩🇪", 2), "a");
        assert_eq!(first("❤\u{fe0f}❤\u{fe0f}", 3), "❤\u{fe0f}");
        assert_eq!(last("runs/靴", 3), "/靴");
        assert_eq!(last("runs/靴", 1), "");
        assert_eq!(last("e\u{301}e\u{301}", 1), "e\u{301}");
        assert_eq!(last("ab", 0), "");
    }

    #[test]
    fn lines_break_between_words_by_cells() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("靴 靴 靴", 5), ["靴 靴", "靴"]);
        assert_eq!(wrap("  very long  ", 2), ["very", "long"]);
    }

    proptest! {
        #[test]
        fn no_text_is_wider_than_its_cells(text in any::<String>(), cells in 0_usize..12) {
            for ascii in [false, true] {
                prop_assert!(width(&cut(&text, cells, ascii)) <= cells);
                prop_assert!(width(&cut_marked(&text, cells, ascii)) <= cells);
            }
            prop_assert!(width(last(&text, cells)) <= cells);
            prop_assert!(text.starts_with(first(&text, cells)));
            prop_assert!(text.ends_with(last(&text, cells)));
        }

        #[test]
        fn a_padded_word_has_exactly_its_cells(text in "[a-z靴é👍]{0,8}", cells in 0_usize..12) {
            prop_assert_eq!(width(&left(&text, cells, false)), cells);
            prop_assert_eq!(width(&right(&text, cells, true)), cells);
        }
    }
}
