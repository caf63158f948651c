//! Which keys do what: the shipped table, or the user's.
//!
//! The screens look keys up in tables of their own, which never change. A key of the user's is therefore
//! turned into the one that the screens know before it gets to them.

use super::binding::Context;
use super::key::{Key, ctrl};
use super::row::Row;
use super::screen_of::screen_of;
use super::search::Index;

/// The key that suspends the program; outside of texts it cannot be given to anything else.
const SUSPEND: Key = ctrl('z');

/// All rows of the key table, with the user's keys.
#[derive(Clone, Debug)]
pub struct Keymap {
    rows: Vec<Row>,
    is_changed: bool,
}

/// Two actions on one key where both work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The key.
    pub key: Key,
    /// Positions of the two rows.
    pub rows: [usize; 2],
}

/// Why a row cannot have these keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It would be typed instead.
    #[error("letters are typed here; take one with Ctrl or Alt, or a key without a letter")]
    IsTyped,
    /// The shipped key is a letter that is typed.
    #[error("its key is a letter that is typed here and has to stay")]
    Fixed,
    /// One would be caught where it opens.
    #[error("it must keep a key")]
    NoKey,
    /// The key suspends the program.
    #[error("Ctrl-Z suspends the program")]
    Suspends,
}

impl Keymap {
    /// The keys of these rows.
    pub fn of(rows: Vec<Row>) -> Self {
        Self {
            rows,
            is_changed: false,
        }
    }

    /// All rows, in the order of the manual.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that work in a context: its own, then the global ones if they work there.
    pub fn rows_of(&self, context: Context) -> impl Iterator<Item = &Row> {
        let of = |wanted: Context| self.rows.iter().filter(move |row| row.context == wanted);
        let global = of(Context::GLOBAL).filter(move |_| context.has_global_keys);
        of(context).chain(global)
    }

    /// The rows that are actions to look for: all but those of questions.
    pub fn actions(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| {
            let context = row.context;
            let is_found = screen_of(context).is_some() || self.way_to(context).is_some();
            context == Context::GLOBAL || is_found
        })
    }

    /// The action after which keys go to a context, if there is one.
    pub fn way_to(&self, context: Context) -> Option<&Row> {
        self.rows.iter().find(|row| row.opens == Some(context))
    }

    /// The actions with the words they are found by.
    pub fn index(&'static self) -> Index {
        Index::new(self.actions())
    }

    /// Gives the row at a position other keys.
    ///
    /// # Errors
    /// When it cannot have them.
    pub fn set(&mut self, row: usize, keys: Vec<Key>) -> Result<(), Refused> {
        let row = &mut self.rows[row];
        if row.is_fixed() {
            return Err(Refused::Fixed);
        }
        let is_way_out = !row.context.has_global_keys && row.context != Context::GLOBAL;
        if keys.is_empty() && (is_way_out || row.action == "Quit") {
            return Err(Refused::NoKey);
        }
        // In a text it takes the last change back.
        if keys.contains(&SUSPEND) && !row.context.takes_text {
            return Err(Refused::Suspends);
        }
        let is_new = |key: &&Key| !row.defaults.contains(key);
        if row.context.takes_text && keys.iter().filter(is_new).any(|key| key.is_typed()) {
            return Err(Refused::IsTyped);
        }
        self.is_changed |= row.keys != keys;
        row.keys = keys;
        Ok(())
    }

    /// The first key with two actions in one place.
    pub fn conflict(&self) -> Option<Conflict> {
        let works_with = |one: &Row, other: &Row| {
            let (one, other) = (one.context, other.context);
            one == other
                || (one.has_global_keys && other == Context::GLOBAL)
                || (other.has_global_keys && one == Context::GLOBAL)
        };
        self.rows.iter().enumerate().find_map(|(first, one)| {
            let later = self.rows.iter().enumerate().skip(first + 1);
            later
                .filter(|(_, other)| works_with(one, other))
                .find_map(|(second, other)| {
                    let key = one.keys.iter().find(|key| other.keys.contains(key))?;
                    Some(Conflict {
                        key: *key,
                        rows: [first, second],
                    })
                })
        })
    }

    /// The key that the screens know for what `key` does in the context; none for one that has lost its
    /// action there, which is at most typed.
    pub fn meant(&self, context: Context, key: Key) -> Option<Key> {
        if !self.is_changed {
            return Some(key);
        }
        let found = self.rows_of(context).find(|row| row.keys.contains(&key));
        match found {
            Some(row) if row.defaults.contains(&key) => Some(key),
            Some(row) => row.defaults.first().copied(),
            None => {
                let mut rows = self.rows_of(context);
                let is_lost = rows.any(|row| row.defaults.contains(&key));
                (!is_lost).then_some(key)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::row::rows;
    use crate::tui::keys::{Binding, ESC, char, on};

    const SCREEN: Context = Context::with_global_keys("Screen");
    const FIELD: Context = Context::with_text("Field");

    #[derive(Clone, Copy, Debug)]
    enum Do {
        Stop,
        Add,
        Train,
        Quit,
        Leave,
    }

    const KEYS: &[Binding<Do>] = &[
        on(SCREEN, &[char('x')], Do::Stop, "", ""),
        on(SCREEN, &[char('a')], Do::Add, "", ""),
        on(Context::GLOBAL, &[char('t')], Do::Train, "", ""),
        on(Context::GLOBAL, &[char('q'), ctrl('c')], Do::Quit, "", ""),
        on(FIELD, &[ESC], Do::Leave, "", ""),
    ];

    fn keymap() -> Keymap {
        Keymap::of(rows(KEYS))
    }

    #[test]
    fn a_key_of_the_users_means_the_one_that_the_screens_know() {
        let mut keymap = keymap();
        assert_eq!(keymap.meant(SCREEN, char('t')), Some(char('t')));
        // Two actions change their keys with each other, across contexts.
        keymap.set(0, vec![char('t')]).unwrap();
        keymap.set(2, vec![char('x'), ctrl('t')]).unwrap();
        assert_eq!(keymap.conflict(), None);
        assert_eq!(keymap.meant(SCREEN, char('t')), Some(char('x')));
        assert_eq!(keymap.meant(SCREEN, char('x')), Some(char('t')));
        assert_eq!(keymap.meant(SCREEN, ctrl('t')), Some(char('t')));
        keymap.set(3, vec![ctrl('c')]).unwrap();
        assert_eq!(keymap.meant(SCREEN, ctrl('c')), Some(ctrl('c')));
        assert_eq!(keymap.meant(SCREEN, char('q')), None, "lost");
        assert_eq!(keymap.meant(FIELD, char('q')), Some(char('q')), "typed");
    }

    #[test]
    fn keys_that_would_do_harm_are_refused() {
        let mut keymap = keymap();
        assert_eq!(keymap.set(0, vec![ctrl('z')]), Err(Refused::Suspends));
        assert_eq!(keymap.set(3, Vec::new()), Err(Refused::NoKey));
        assert_eq!(keymap.set(4, Vec::new()), Err(Refused::NoKey));
        assert_eq!(keymap.set(4, vec![char('q')]), Err(Refused::IsTyped));
        assert_eq!(keymap.set(0, Vec::new()), Ok(()));
        keymap.set(1, vec![char('t')]).unwrap();
        let conflict = keymap.conflict().unwrap();
        assert_eq!((conflict.key, conflict.rows), (char('t'), [1, 2]));
    }
}
