//! Our own signs for a terminal that shows nothing but ASCII.

/// `text` with the signs that the program itself uses, spelled in ASCII if `ascii` is set. Names from
/// files stay as they are. The text may grow by this: [`cut`](super::cut) it afterwards.
pub fn plain(text: &str, ascii: bool) -> String {
    if !ascii {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '×' => plain.push('x'),
            '≈' => plain.push('~'),
            '±' => plain.push_str("+-"),
            '–' => plain.push('-'),
            '−' => plain.push('-'),
            '·' => plain.push('-'),
            'Δ' => plain.push('d'),
            '√' => plain.push_str("sqrt"),
            '→' => plain.push_str("->"),
            '←' => plain.push_str("<-"),
            '…' => plain.push_str("..."),
            '★' | '●' => plain.push('*'),
            '▸' => plain.push('>'),
            '◂' => plain.push('<'),
            '─' => plain.push('-'),
            '┤' | '├' | '┼' | '┐' | '┘' | '┬' | '┴' => plain.push('+'),
            // Of bars: more than half a cell is one.
            '█' | '▉' | '▊' | '▋' | '▌' | '▇' | '▆' | '▅' | '▄' => {
                plain.push('#')
            }
            '▍' | '▎' | '▏' | '▃' | '▂' | '▁' => plain.push('.'),
            '┌' => plain.push(','),
            '│' => plain.push('|'),
            '└' => plain.push('`'),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_signs_have_a_spelling_in_ascii() {
        let text = "┌ 3×3 · a → b…│└ 靴 ≈ 1–2 ± Δ 1−2 √(x)";
        let expected = ", 3x3 - a -> b...|` 靴 ~ 1-2 +- d 1-2 sqrt(x)";
        assert_eq!(plain(text, true), expected);
        assert_eq!(plain(text, false), text);
    }
}
