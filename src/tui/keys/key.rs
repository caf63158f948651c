//! Keys and their names.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: KeyModifiers::NONE,
        }
    }

    /// What the terminal reported, with Shift dropped where the character already tells it.
    pub fn of(event: KeyEvent) -> Self {
        let mut modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        if !matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers |= event.modifiers & KeyModifiers::SHIFT;
        }
        Self {
            code: event.code,
            modifiers,
        }
    }

    /// What a terminal reports for the key.
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }

    /// The letter, digit or sign that the key types.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if self.modifiers.is_empty() => Some(letter),
            _ => None,
        }
    }

    /// Whether the key types something.
    pub fn is_typed(self) -> bool {
        self.typed().is_some()
    }

    /// The key's code and modifiers.
    pub fn parts(self) -> (KeyCode, KeyModifiers) {
        (self.code, self.modifiers)
    }

    /// A key of a code and modifiers.
    pub fn from_parts(code: KeyCode, modifiers: KeyModifiers) -> Self {
        Self { code, modifiers }
    }
}

/// A letter, digit or sign.
pub const fn char(letter: char) -> Key {
    Key::plain(KeyCode::Char(letter))
}

/// A letter with Ctrl.
pub const fn ctrl(letter: char) -> Key {
    Key {
        code: KeyCode::Char(letter),
        modifiers: KeyModifiers::CONTROL,
    }
}

/// A key with Alt.
pub const fn alt(key: Key) -> Key {
    Key {
        code: key.code,
        modifiers: KeyModifiers::ALT,
    }
}

/// A key that types nothing, with Ctrl.
pub const fn ctrl_with(key: Key) -> Key {
    Key {
        code: key.code,
        modifiers: KeyModifiers::CONTROL,
    }
}

/// A key that types nothing, with Shift.
pub const fn shift(key: Key) -> Key {
    Key {
        code: key.code,
        modifiers: KeyModifiers::SHIFT,
    }
}

/// The Enter key.
pub const ENTER: Key = Key::plain(KeyCode::Enter);
/// The Esc key.
pub const ESC: Key = Key::plain(KeyCode::Esc);
/// The Tab key.
pub const TAB: Key = Key::plain(KeyCode::Tab);
/// The Shift-Tab key.
pub const BACK_TAB: Key = Key::plain(KeyCode::BackTab);
/// The Backspace key.
pub const BACKSPACE: Key = Key::plain(KeyCode::Backspace);
/// The Del key.
pub const DELETE: Key = Key::plain(KeyCode::Delete);
/// The Up key.
pub const UP: Key = Key::plain(KeyCode::Up);
/// The Down key.
pub const DOWN: Key = Key::plain(KeyCode::Down);
/// The Left key.
pub const LEFT: Key = Key::plain(KeyCode::Left);
/// The Right key.
pub const RIGHT: Key = Key::plain(KeyCode::Right);
/// The Home key.
pub const HOME: Key = Key::plain(KeyCode::Home);
/// The End key.
pub const END: Key = Key::plain(KeyCode::End);
/// The PgUp key.
pub const PAGE_UP: Key = Key::plain(KeyCode::PageUp);
/// The PgDn key.
pub const PAGE_DOWN: Key = Key::plain(KeyCode::PageDown);

/// The F1 key.
pub const F1: Key = Key::plain(KeyCode::F(1));

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("Ctrl-")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt-")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("Shift-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(letter) if self.modifiers.contains(KeyModifiers::CONTROL) => {
                write!(f, "{}", letter.to_ascii_uppercase())
            }
            KeyCode::Char(letter) => write!(f, "{letter}"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            other => write!(f, "{other}"),
        }
    }
}
