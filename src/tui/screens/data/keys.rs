//! The screen's actions and keys.

use crate::tui::keys::{
    Binding, Context, DOWN, END, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, UP, char, on,
};

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DataAction {
    /// The class above.
    Up,
    /// The class below.
    Down,
    /// The first class.
    First,
    /// The last class.
    Last,
    /// The examples before those that are shown.
    PreviousPage,
    /// The examples after those that are shown.
    NextPage,
    /// Validation images instead of training images, or back.
    SwitchSplit,
}

use DataAction as Do;

/// Where keys go while this screen has them.
pub const CONTEXT: Context = Context::with_global_keys("Data");

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(CONTEXT, &[DOWN, char('j')], Do::Down, "next class", "the class below"),
    on(CONTEXT, &[RIGHT, PAGE_DOWN, char('l')], Do::NextPage, "more images", "more images of the class"),
    on(CONTEXT, &[char('v')], Do::SwitchSplit, "train/val.", "training images, or validation images"),
    on(CONTEXT, &[UP, char('k')], Do::Up, "", "the class above"),
    on(CONTEXT, &[LEFT, PAGE_UP, char('h')], Do::PreviousPage, "", "the images of the class before these"),
    on(CONTEXT, &[HOME, char('g')], Do::First, "", "the first class"),
    on(CONTEXT, &[END, char('G')], Do::Last, "", "the last class"),
];
