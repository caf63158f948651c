//! Pasted text: one change, however long it is.

use super::{Design, Editor};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Letters that fields of one line take of it. No name is longer, and each letter means a search.
const MOST_LETTERS: usize = 200;

impl Design {
    /// Takes pasted text, where text is typed.
    pub fn paste(&mut self, text: &str) {
        let Some(editor) = &mut self.editor else {
            return;
        };
        if let Editor::Text(editor) = editor {
            editor.paste(text);
        } else {
            let letters = text.chars().filter(|letter| !letter.is_control());
            for letter in letters.take(MOST_LETTERS) {
                let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
                match editor {
                    Editor::Palette(palette) => palette.type_key(key),
                    Editor::Picker(picker) => picker.type_key(key),
                    Editor::Form(form) => form.type_key(key),
                    Editor::Text(_) => {}
                }
            }
        }
        self.compute();
    }
}
