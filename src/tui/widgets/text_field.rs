//! A field of one line of text, with a cursor.

use crate::text::{escape_controls, width};
use crate::tui::keys::{Key, TYPING, TYPING_KEYS, TypingAction, find};
use crate::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use tui_textarea::{CursorMove, TextArea};

/// Letters a field takes at most: as many as a path may have.
const MOST_LETTERS: usize = 4096;

/// The text, the cursor, and what undo brings back.
#[derive(Clone, Debug)]
pub struct TextField {
    area: TextArea<'static>,
    /// Whether the text is a proposal that nobody has touched: what is typed replaces it.
    is_untouched: bool,
    /// Letters it takes at most.
    most: usize,
}

impl Default for TextField {
    fn default() -> Self {
        Self::new("")
    }
}

impl TextField {
    /// A field with a text to go on with; the cursor is at its end.
    pub fn new(text: impl Into<String>) -> Self {
        let mut area = TextArea::new(vec![text.into()]);
        area.move_cursor(CursorMove::End);
        Self {
            area,
            is_untouched: false,
            most: MOST_LETTERS,
        }
    }

    /// The same field, which takes at most so many letters.
    pub fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// A field with a proposal: what is typed replaces it, the arrows keep it.
    pub fn proposed(text: impl Into<String>) -> Self {
        Self {
            is_untouched: true,
            ..Self::new(text)
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Whether the text is a proposal that nobody has touched.
    pub fn is_untouched(&self) -> bool {
        self.is_untouched
    }

    /// Puts another text in place, which undo takes back; the cursor is at its end.
    pub fn set(&mut self, text: &str) {
        self.area.clear();
        self.area.insert_str(text);
        self.is_untouched = false;
    }

    /// Takes a key: a letter, or one of [`TYPING_KEYS`]. Returns whether the text changed.
    pub fn type_key(&mut self, key: KeyEvent) -> bool {
        if let Some(action) = find(TYPING_KEYS, TYPING, Key::of(key)) {
            return self.update(action);
        }
        let command = KeyModifiers::CONTROL | KeyModifiers::ALT;
        match key.code {
            KeyCode::Char(letter) if !key.modifiers.intersects(command) => self.insert(letter),
            _ => false,
        }
    }

    /// Inserts a letter.
    pub fn insert(&mut self, letter: char) -> bool {
        self.paste(letter.encode_utf8(&mut [0; 4]))
    }

    /// Inserts a text as one change, without what is no letter of a line.
    pub fn paste(&mut self, text: &str) -> bool {
        if std::mem::take(&mut self.is_untouched) {
            self.area.clear();
        }
        let room = self.most.saturating_sub(self.text().chars().count());
        let letters = text.chars().filter(|letter| !letter.is_control());
        self.area.insert_str(letters.take(room).collect::<String>())
    }

    /// Moves the cursor or changes the text; returns whether the text changed.
    pub fn update(&mut self, action: TypingAction) -> bool {
        let was_untouched = std::mem::take(&mut self.is_untouched);
        let area = &mut self.area;
        let movement = match action {
            TypingAction::Left => CursorMove::Back,
            TypingAction::Right => CursorMove::Forward,
            TypingAction::WordLeft => CursorMove::WordBack,
            TypingAction::WordRight => CursorMove::WordForward,
            TypingAction::Home => CursorMove::Head,
            TypingAction::End => CursorMove::End,
            TypingAction::Backspace if was_untouched => return area.clear(),
            TypingAction::Backspace => return area.delete_char(),
            TypingAction::Delete => return area.delete_next_char(),
            TypingAction::DeleteWord => return area.delete_word(),
            TypingAction::Clear => return area.clear(),
            TypingAction::Undo => return area.undo(),
            TypingAction::Redo => return area.redo(),
        };
        area.move_cursor(movement);
        false
    }

    /// The text in at most `cells` cells, around the cursor, which is drawn too. What is untouched is marked as
    /// a whole.
    pub fn spans(&self, cells: usize, style: Style, theme: Theme) -> Vec<Span<'static>> {
        let cursor = theme.accent();
        let letters: Vec<char> = self.text().chars().collect();
        let at = self.area.cursor().1.min(letters.len());
        // Widths of what is shown: a control character of a file's name takes several cells.
        let shown = |letters: &[char]| escape_controls(&letters.iter().collect::<String>());
        let mut first = 0;
        while first < at && width(&shown(&letters[first..at])) + 1 > cells {
            first += 1;
        }
        let before = shown(&letters[first..at]);
        let mut room = cells.saturating_sub(width(&before) + 1);
        let after = letters.get(at + 1..).unwrap_or_default();
        let after = after.iter().take_while(|letter| {
            let wide = width(&shown(&[**letter]));
            let fits = wide <= room;
            room = room.saturating_sub(wide);
            fits
        });
        let after: Vec<char> = after.copied().collect();
        let text = match self.is_untouched {
            true => style.add_modifier(Modifier::REVERSED),
            false => style,
        };
        match letters.get(at) {
            None => vec![Span::styled(before, text), Span::styled("_", cursor)],
            Some(under) => vec![
                Span::styled(before, text),
                Span::styled(shown(&[*under]), cursor.add_modifier(Modifier::REVERSED)),
                Span::styled(shown(&after), text),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(field: &mut TextField, code: KeyCode, modifiers: KeyModifiers) -> bool {
        field.type_key(KeyEvent::new(code, modifiers))
    }

    fn plain(field: &mut TextField, code: KeyCode) -> bool {
        press(field, code, KeyModifiers::NONE)
    }

    #[test]
    fn the_cursor_goes_by_letters_and_words_and_undo_takes_changes_back() {
        let mut field = TextField::new("runs/first model");
        assert!(!press(&mut field, KeyCode::Left, KeyModifiers::CONTROL));
        assert!(plain(&mut field, KeyCode::Char('a')));
        assert_eq!(field.text(), "runs/first amodel");
        plain(&mut field, KeyCode::Home);
        plain(&mut field, KeyCode::Delete);
        assert_eq!(field.text(), "uns/first amodel");
        plain(&mut field, KeyCode::End);
        press(&mut field, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "uns/first ");
        press(&mut field, KeyCode::Char('z'), KeyModifiers::CONTROL);
        press(&mut field, KeyCode::Char('z'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "runs/first amodel");
        press(&mut field, KeyCode::Char('y'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "uns/first amodel");
        assert!(press(&mut field, KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert_eq!(field.text(), "");
    }

    #[test]
    fn what_is_typed_replaces_a_proposal_and_an_arrow_keeps_it() {
        let mut field = TextField::proposed("tiny.safetensors");
        field.insert('m');
        assert_eq!(field.text(), "m");
        let mut field = TextField::proposed("tiny");
        plain(&mut field, KeyCode::End);
        field.insert('2');
        assert_eq!(field.text(), "tiny2");
        let mut field = TextField::proposed("tiny");
        field.paste("my\nown\u{1b}");
        assert_eq!(field.text(), "myown");
        field.paste(&"x".repeat(100_000));
        assert_eq!(field.text().len(), MOST_LETTERS);
    }

    #[test]
    fn a_long_text_is_shown_around_its_cursor() {
        let theme = Theme::default();
        let text = |field: &TextField, cells: usize| -> String {
            let spans = field.spans(cells, Style::new(), theme);
            spans.iter().map(|span| span.content.as_ref()).collect()
        };
        let mut field = TextField::new("abcdefghij");
        assert_eq!(text(&field, 20), "abcdefghij_");
        assert_eq!(text(&field, 5), "ghij_");
        plain(&mut field, KeyCode::Home);
        assert_eq!(text(&field, 5), "abcde");
    }
}
