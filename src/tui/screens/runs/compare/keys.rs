//! The actions and keys of the view.

use crate::tui::keys::{
    BACKSPACE, Binding, Context, DOWN, END, ENTER, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, UP, char,
    on,
};

/// Rows that PgUp and PgDn move by.
const PAGE: isize = 10;

/// What can be done in this view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CompareAction {
    /// Move this many images down the list, or up; where no list is in view, scroll.
    Move(isize),
    /// Show the chosen image with what both say of it.
    Enlarge,
    /// Curves over epochs, or over time.
    NextAxis,
    /// Enlarge a part of the view, the next with every step, then all again.
    NextPart,
    /// Compare the best epochs, or the last ones again.
    ToggleBest,
    /// Close the image, or the view.
    Back,
}

use CompareAction as Do;

/// Where keys go while two runs are compared.
pub const VIEW: Context = Context::with_global_keys("Two runs");
/// Where keys go while an image is shown with what both say of it.
pub const IMAGE: Context = Context::with_global_keys("An image of two runs");

/// The view's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(VIEW, &[ENTER], Do::Enlarge, "image", "the chosen image, with what both runs say of it").opens(IMAGE),
    on(VIEW, &[char('m')], Do::NextPart, "part", "one part of the view, the next, or all"),
    on(VIEW, &[char('X')], Do::NextAxis, "epochs/time", "curves over epochs, or over the time of training"),
    on(VIEW, &[char('b')], Do::ToggleBest, "best/last", "the best epochs, which were picked, or the last"),
    on(VIEW, &[char('c'), BACKSPACE], Do::Back, "back", "back to the list; Esc too"),
    on(VIEW, &[UP, char('k')], Do::Move(-1), "", "the image above, or scroll up"),
    on(VIEW, &[DOWN, char('j')], Do::Move(1), "", "the image below, or scroll down"),
    on(VIEW, &[PAGE_UP], Do::Move(-PAGE), "", "ten up"),
    on(VIEW, &[PAGE_DOWN], Do::Move(PAGE), "", "ten down"),
    on(VIEW, &[HOME], Do::Move(isize::MIN), "", "first"),
    on(VIEW, &[END], Do::Move(isize::MAX), "", "last"),
    on(IMAGE, &[RIGHT, DOWN, char('l'), char('j')], Do::Move(1), "next", "the next image"),
    on(IMAGE, &[LEFT, UP, char('h'), char('k')], Do::Move(-1), "before", "the image before"),
    on(IMAGE, &[ENTER, char('c'), BACKSPACE], Do::Back, "back", "back to both runs; Esc too"),
    on(IMAGE, &[PAGE_DOWN], Do::Move(PAGE), "", "ten images on"),
    on(IMAGE, &[PAGE_UP], Do::Move(-PAGE), "", "ten images back"),
    on(IMAGE, &[HOME], Do::Move(isize::MIN), "", "the first image"),
    on(IMAGE, &[END], Do::Move(isize::MAX), "", "the last image"),
];
