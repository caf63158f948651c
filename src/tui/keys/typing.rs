//! The keys of every field that text is typed in.

use super::binding::{Binding, Context, on};
use super::key::{BACKSPACE, DELETE, END, HOME, LEFT, RIGHT, alt, char, ctrl, ctrl_with};

/// What a key that is no letter does in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypingAction {
    /// A letter to the left.
    Left,
    /// A letter to the right.
    Right,
    /// A word to the left.
    WordLeft,
    /// A word to the right.
    WordRight,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Delete the letter before the cursor.
    Backspace,
    /// Delete the letter under the cursor.
    Delete,
    /// Delete the word before the cursor.
    DeleteWord,
    /// Delete all.
    Clear,
    /// Take the last change back.
    Undo,
    /// Take the last undo back.
    Redo,
}

use TypingAction as Do;

/// What these keys stand under. They work in every context with text, after the context's own.
pub const TYPING: Context = Context::with_text("Fields of text");

/// The keys of a field.
#[rustfmt::skip]
pub const TYPING_KEYS: &[Binding<Do>] = &[
    on(TYPING, &[LEFT], Do::Left, "", "a letter to the left; a proposed text stays and is edited"),
    on(TYPING, &[RIGHT], Do::Right, "", "a letter to the right"),
    on(TYPING, &[ctrl_with(LEFT), alt(LEFT), alt(char('b'))], Do::WordLeft, "", "a word to the left"),
    on(TYPING, &[ctrl_with(RIGHT), alt(RIGHT), alt(char('f'))], Do::WordRight, "", "a word to the right"),
    on(TYPING, &[HOME, ctrl('a')], Do::Home, "", "to the beginning"),
    on(TYPING, &[END, ctrl('e')], Do::End, "", "to the end"),
    on(TYPING, &[BACKSPACE, ctrl('h')], Do::Backspace, "", "delete the letter before the cursor"),
    on(TYPING, &[DELETE, ctrl('d')], Do::Delete, "", "delete the letter under the cursor"),
    on(TYPING, &[ctrl('w'), alt(BACKSPACE)], Do::DeleteWord, "", "delete the word before the cursor"),
    on(TYPING, &[ctrl('u')], Do::Clear, "", "empty the field"),
    on(TYPING, &[ctrl('z')], Do::Undo, "", "take the last change back"),
    on(TYPING, &[ctrl('y')], Do::Redo, "", "take the last undo back"),
];
