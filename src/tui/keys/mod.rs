//! The one key table: dispatch, the hints in the last line, the `?` overlay and the manual all read it.
//!
//! Each screen and each overlay has its rows in its own folder or file; [`table`] puts them together, and
//! [`Keymap`] has the keys that the user gave them.

mod binding;
mod global;
mod key;
mod key_name;
mod keymap;
mod row;
mod screen_of;
mod search;
mod table;
mod typing;

pub use binding::{Binding, Context, find, on};
pub use global::global;
pub use key::{
    BACK_TAB, BACKSPACE, DELETE, DOWN, END, ENTER, ESC, F1, HOME, Key, LEFT, PAGE_DOWN, PAGE_UP,
    RIGHT, TAB, UP, alt, char, ctrl, ctrl_with, shift,
};
pub use key_name::KeyNameError;
pub use keymap::{Conflict, Keymap, Refused};
pub use row::{Row, rows};
pub use screen_of::screen_of;
pub use search::Index;
pub use table::{lookup, standard, table};
pub use typing::{TYPING, TYPING_KEYS, TypingAction};
