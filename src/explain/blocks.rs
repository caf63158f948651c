//! The form that topics and lessons have: lines of `key: text`, in blocks between empty lines.

use crate::text::is_unseen;

/// A text may have this many bytes; no lesson of five minutes needs more.
pub const MOST_BYTES: usize = 64 * 1024;

/// A key with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its line, from 1.
    pub line: usize,
    /// What stands before the colon.
    pub key: String,
    /// What stands after it, and on the lines below that begin with a space; a line each.
    pub lines: Vec<String>,
}

impl Entry {
    /// Its lines as one.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// An error about it.
    pub fn error(&self, message: impl Into<String>) -> TextError {
        TextError {
            line: self.line,
            message: message.into(),
        }
    }
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TextError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there, and what to do.
    pub message: String,
}

/// Reads a text. Lines that begin with `#` are comments.
///
/// # Errors
/// The first line that is neither `key: text` nor the rest of one, or holds a control character; a text of
/// more than [`MOST_BYTES`].
pub fn blocks(text: &str) -> Result<Vec<Vec<Entry>>, TextError> {
    if text.len() > MOST_BYTES {
        return Err(TextError {
            line: 1,
            message: format!("the text has more than the {MOST_BYTES} bytes it may have"),
        });
    }
    let mut blocks: Vec<Vec<Entry>> = Vec::new();
    let mut is_inside = false;
    for (index, line) in text.lines().enumerate() {
        let error = |message: &str| {
            Err(TextError {
                line: index + 1,
                message: message.into(),
            })
        };
        if line.chars().any(is_unseen) {
            return error("there is a character that cannot be seen; write plain text");
        }
        if line.starts_with('#') {
            continue;
        }
        if line.trim().is_empty() {
            is_inside = false;
            continue;
        }
        let block = match (blocks.last_mut(), is_inside) {
            (Some(block), true) => block,
            _ => {
                blocks.push(Vec::new());
                is_inside = true;
                // Just pushed.
                let Some(block) = blocks.last_mut() else {
                    continue;
                };
                block
            }
        };
        if line.starts_with(' ') {
            match block.last_mut() {
                Some(entry) => entry.lines.push(line.trim().to_owned()),
                None => return error("the line begins with a space but goes on with nothing"),
            }
            continue;
        }
        let is_key = |key: &&str| {
            let word = |letter: char| letter.is_ascii_lowercase() || letter == '-';
            !key.is_empty() && key.len() <= 20 && key.chars().all(word)
        };
        let Some((key, rest)) = line.split_once(':').filter(|(key, _)| is_key(key)) else {
            return error("a line is `key: text`; one that goes on begins with a space");
        };
        let rest = rest.trim();
        block.push(Entry {
            line: index + 1,
            key: key.to_owned(),
            lines: match rest {
                "" => Vec::new(),
                rest => vec![rest.to_owned()],
            },
        });
    }
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_and_blocks_end() {
        let found = blocks("# a comment\ntitle: One\n two\n\n\nsay: three\nwait: four\n").unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0][0].line, found[0][0].text()),
            (2, "One two".into())
        );
        assert_eq!(found[1][1].key, "wait");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, line) in [
            ("title: x\nno key here", 2),
            (" too far right", 1),
            ("Title: x", 1),
            ("say: \u{1b}[31m", 1),
            ("say: x\n\n: y", 3),
        ] {
            assert_eq!(blocks(text).unwrap_err().line, line, "{text:?}");
        }
        let long = "say: x\n".repeat(MOST_BYTES);
        assert!(blocks(&long).is_err());
    }
}
