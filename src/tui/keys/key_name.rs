//! The names of keys in the config file: `t`, `ctrl-c`, `alt-up`, `page-down`, `f1`.

use super::key::Key;
use crossterm::event::{KeyCode, KeyModifiers};

/// The keys that are no letters, by name. The first name of a key is the one that is written.
const NAMED: &[(&str, KeyCode)] = &[
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("return", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("escape", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("del", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("page-up", KeyCode::PageUp),
    ("pgup", KeyCode::PageUp),
    ("page-down", KeyCode::PageDown),
    ("pgdn", KeyCode::PageDown),
];

const MODIFIERS: [(&str, KeyModifiers); 3] = [
    ("ctrl-", KeyModifiers::CONTROL),
    ("alt-", KeyModifiers::ALT),
    ("shift-", KeyModifiers::SHIFT),
];

/// Why a text names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyNameError {
    /// There is no key of this name.
    #[error(
        "is no key; keys are a letter or sign, enter, esc, tab, space, backspace, delete, insert, up, down, left, \
         right, home, end, page-up, page-down, f1 to f12, and these with ctrl-, alt- or shift- before them"
    )]
    Unknown,
    /// Terminals report another key for it.
    #[error("cannot be told from {0} by a terminal")]
    Same(&'static str),
    /// Letters tell themselves that Shift is pressed.
    #[error("is written as the letter that it types, as in \"T\"")]
    ShiftedLetter,
}

impl Key {
    /// The key's name in the config file.
    pub fn name(self) -> String {
        let (mut code, mut modifiers) = self.parts();
        if code == KeyCode::BackTab {
            (code, modifiers) = (KeyCode::Tab, modifiers | KeyModifiers::SHIFT);
        }
        let pressed = MODIFIERS.iter().filter(|(_, one)| modifiers.contains(*one));
        let mut name: String = pressed.map(|(name, _)| *name).collect();
        let named = NAMED.iter().find(|(_, other)| *other == code);
        match (named, code) {
            (Some((known, _)), _) => name.push_str(known),
            (None, KeyCode::Char(letter)) => name.push(letter),
            (None, KeyCode::F(number)) => name.push_str(&format!("f{number}")),
            // No key of the table has another code.
            (None, _) => {}
        }
        name
    }

    /// The key of a name; of names longer than a letter, case does not matter.
    ///
    /// # Errors
    /// When no key has the name, or a terminal reports another key for it.
    pub fn named(name: &str) -> Result<Self, KeyNameError> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        while let Some((length, modifier)) = MODIFIERS.iter().find_map(|(prefix, modifier)| {
            let start = rest.get(..prefix.len())?;
            let is_prefix = start.eq_ignore_ascii_case(prefix) && rest.len() > prefix.len();
            is_prefix.then_some((prefix.len(), *modifier))
        }) {
            modifiers |= modifier;
            rest = &rest[length..];
        }
        let code = code_of(rest).ok_or(KeyNameError::Unknown)?;
        let is_shifted = modifiers.contains(KeyModifiers::SHIFT);
        match code {
            KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => {
                match letter.to_ascii_lowercase() {
                    'i' => Err(KeyNameError::Same("tab")),
                    'm' => Err(KeyNameError::Same("enter")),
                    '[' => Err(KeyNameError::Same("esc")),
                    _ if is_shifted => Err(KeyNameError::Unknown),
                    small => Ok(Self::from_parts(KeyCode::Char(small), modifiers)),
                }
            }
            KeyCode::Char(_) if is_shifted => Err(KeyNameError::ShiftedLetter),
            KeyCode::Tab if is_shifted => Ok(Self::from_parts(
                KeyCode::BackTab,
                modifiers.difference(KeyModifiers::SHIFT),
            )),
            code => Ok(Self::from_parts(code, modifiers)),
        }
    }
}

fn code_of(name: &str) -> Option<KeyCode> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return (!letter.is_control()).then_some(KeyCode::Char(letter));
    }
    let name = name.to_ascii_lowercase();
    if let Some((_, code)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*code);
    }
    let number: u8 = name.strip_prefix('f')?.parse().ok()?;
    (1..=12).contains(&number).then_some(KeyCode::F(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::table;

    #[test]
    fn every_key_of_the_table_has_a_name_that_is_read_back() {
        for key in table().flat_map(|row| &row.keys) {
            assert_eq!(Key::named(&key.name()), Ok(*key), "{key}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_the_reason() {
        assert_eq!(Key::named("Ctrl-T").map(Key::name), Ok("ctrl-t".into()));
        assert_eq!(Key::named("-").map(Key::name), Ok("-".into()));
        assert_eq!(Key::named("alt--").map(Key::name), Ok("alt--".into()));
        assert_eq!(Key::named("PgDn").map(Key::name), Ok("page-down".into()));
        assert_eq!(Key::named("ctrl-i"), Err(KeyNameError::Same("tab")));
        assert_eq!(Key::named("shift-t"), Err(KeyNameError::ShiftedLetter));
        for name in ["", "f13", "ctrl-", "hyper-x", "tt", "\u{7}", "é-x"] {
            assert_eq!(Key::named(name), Err(KeyNameError::Unknown), "{name}");
        }
    }
}
