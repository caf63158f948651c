//! Escapes text from files before it is shown on a screen or written into another file.

use std::borrow::Cow;
use std::path::Path;

/// A path to show, [escaped](escape_controls).
pub fn shown_path(path: &Path) -> String {
    escape_controls(&path.display().to_string())
}

/// The text with all [invisible characters that have an effect](is_unseen) escaped: a name from a file
/// can neither control the terminal nor reverse, hide or break the text next to it.
pub fn escape_controls(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unseen(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The text quoted as one word of a shell command, [escaped](escape_controls).
pub fn quoted(text: &str) -> String {
    // Quoting fails only for a NUL, which no command can contain; it is escaped.
    let word = shlex::try_quote(text).unwrap_or(Cow::Borrowed(text));
    escape_controls(&word)
}

/// Whether a character is invisible but has an effect: control characters, and those of Unicode's format
/// characters and separators that change a text's direction or lines, or have no width.
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// JSON with [invisible characters that have an effect](is_unseen) written as `\uXXXX`: a JSON parser
/// reads the same text, and a terminal is not affected.
pub fn escape_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        // A line feed can only be between tokens: inside strings JSON already escapes it.
        if is_unseen(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The text as Markdown shows it: without what Markdown or HTML act on, and [escaped](escape_controls).
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in escape_controls(text).chars() {
        if "\\`*_{}[]()#+-!|<>&~".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_be_markdown() {
        let escaped = escape_markdown("<b>[x](y)|\n`z`");
        assert_eq!(escaped, r"\<b\>\[x\]\(y\)\|\\n\`z\`");
    }

    #[test]
    fn a_name_cannot_send_escape_sequences() {
        assert_eq!(escape_controls("a\u{1b}[2Jb\nc"), "a\\u{1b}[2Jb\\nc");
        assert_eq!(escape_controls("a\u{9b}2J\u{7f}"), "a\\u{9b}2J\\u{7f}");
    }

    #[test]
    fn a_name_cannot_turn_or_hide_the_text_beside_it() {
        assert_eq!(escape_controls("gpj\u{202e}.x"), "gpj\\u{202e}.x");
        assert_eq!(
            escape_controls("a\u{200b}b\u{2028}"),
            "a\\u{200b}b\\u{2028}"
        );
        let seen = "Größe 3×3 日本語 👍 a\\b 'c'";
        assert_eq!(escape_controls(seen), seen);
    }

    #[test]
    fn a_shell_takes_a_quoted_text_as_one_word() {
        for (text, word) in [
            ("runs/tiny", "runs/tiny"),
            ("my net", "'my net'"),
            ("", "''"),
            ("a\0b", "a\\u{0}b"),
        ] {
            assert_eq!(quoted(text), word);
        }
        assert!(!quoted("a\u{1b}b c").contains('\u{1b}'));
    }

    #[test]
    fn json_reads_the_same_without_a_control_character() {
        let text = "a\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\u{e0041}ü\"\\";
        let json = escape_json(&serde_json::to_string(text).unwrap());
        assert!(!json.contains(is_unseen), "{json:?}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
