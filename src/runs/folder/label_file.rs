//! `label.json`: what a person calls a run, and what they noted of it.

use super::file_names::LABEL_FILE;
use crate::fs::{read_limited, write_atomically};
use crate::text::{is_unseen, shown_path};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Characters of a name at most.
pub const MOST_OF_NAME: usize = 80;
/// Characters of a note at most.
pub const MOST_OF_NOTE: usize = 1000;

/// A name and a note; either may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Label {
    /// What the run is called in place of its folder.
    pub name: String,
    /// What was noted of it.
    pub note: String,
}

impl Label {
    /// A label of these texts, without what cannot be seen and spaces around, and not longer than a label may be.
    pub fn new(name: &str, note: &str) -> Self {
        Self {
            name: seen(name, MOST_OF_NAME),
            note: seen(note, MOST_OF_NOTE),
        }
    }
}

fn seen(text: &str, most: usize) -> String {
    let letters = text.chars().filter(|letter| !is_unseen(*letter));
    let text: String = letters.collect();
    text.trim().chars().take(most).collect()
}

/// The label of the run in `folder`; a file that is missing or damaged counts as none.
pub fn read_label(folder: &Path) -> Label {
    // A character of four bytes may be written as two escapes of six.
    const MAX_BYTES: u64 = 16 * (MOST_OF_NAME + MOST_OF_NOTE) as u64;
    let path = folder.join(LABEL_FILE);
    // Opening a pipe of this name would never end.
    let bytes = match path.is_file() {
        true => read_limited(&path, MAX_BYTES).ok(),
        false => None,
    };
    let label = bytes.and_then(|bytes| serde_json::from_slice::<Label>(&bytes).ok());
    label.map_or_else(Label::default, |label| Label::new(&label.name, &label.note))
}

/// Writes the label of the run in `folder`; an empty one removes the file.
///
/// # Errors
/// A sentence when the system refuses.
pub fn write_label(folder: &Path, label: &Label) -> Result<(), String> {
    let path = folder.join(LABEL_FILE);
    let failed = |error| {
        format!(
            "{}: cannot write the name and note: {error}",
            shown_path(&path)
        )
    };
    if *label == Label::default() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        };
    }
    let text = serde_json::to_string_pretty(label).unwrap_or_default() + "\n";
    write_atomically(&path, text.as_bytes()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_comes_back_as_it_was_written_and_goes_when_it_is_emptied() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_label(folder.path()), Label::default());
        let label = Label::new(" näher an 94 % 🎯 ", "\"quoted\"\\ and long: 日本語");
        assert_eq!(label.name, "näher an 94 % 🎯");
        write_label(folder.path(), &label).unwrap();
        assert_eq!(read_label(folder.path()), label);
        write_label(folder.path(), &Label::default()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_too_long_damaged_or_unseen_never_gets_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(LABEL_FILE);
        let label = Label::new(&"𝒳".repeat(500), &"𝒳".repeat(5000));
        write_label(folder.path(), &label).unwrap();
        let read = read_label(folder.path());
        assert_eq!(read.name.chars().count(), MOST_OF_NAME);
        assert_eq!(read.note.chars().count(), MOST_OF_NOTE);
        std::fs::write(&path, r#"{"name": "a\u001b[31m\u202eb"}"#).unwrap();
        assert_eq!(read_label(folder.path()).name, "a[31mb");
        for damaged in ["", "{", "[]", r#"{"name": 3}"#, &" ".repeat(1 << 20)] {
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(read_label(folder.path()), Label::default());
        }
    }
}
