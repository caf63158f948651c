//! The one key table: dispatch, the hints in the last line, the `?` overlay and the manual all read it.
//!
//! Each screen and each overlay has its rows in its own folder or file; [`table`] puts them together.

mod binding;
mod global;
mod key;
mod search;
mod table;
mod typing;

pub use binding::{Binding, Context, Row, find, on, rows};
pub use global::global;
pub use key::{
    BACK_TAB, BACKSPACE, DELETE, DOWN, END, ENTER, ESC, F1, HOME, Key, LEFT, PAGE_DOWN, PAGE_UP,
    RIGHT, TAB, UP, alt, char, ctrl, ctrl_with, shift,
};
pub use search::Index;
pub use table::{actions, index, lookup, rows_of, screen_of, table, way_to};
pub use typing::{TYPING, TYPING_KEYS, TypingAction};
