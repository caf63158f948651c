//! The one key table: dispatch, the hints in the last line, the `?` overlay and the manual all read it.
//!
//! Each screen and each overlay has its rows in its own folder or file; [`table`] puts them together.

mod binding;
mod global;
mod key;
mod table;

pub use binding::{Binding, Context, Row, find, on, rows};
pub use global::global;
pub use key::{
    BACK_TAB, BACKSPACE, DELETE, DOWN, END, ENTER, ESC, F1, HOME, Key, LEFT, PAGE_DOWN, PAGE_UP,
    RIGHT, TAB, UP, alt, char, ctrl, shift,
};
pub use table::{lookup, rows_of, table};
