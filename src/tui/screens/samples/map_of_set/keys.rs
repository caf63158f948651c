//! The map's actions and keys.

use crate::tui::keys::{BACKSPACE, Binding, Context, DOWN, ENTER, LEFT, RIGHT, UP, char, on};

/// What can be done on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MapAction {
    /// The nearest image on the left.
    Left,
    /// The nearest image on the right.
    Right,
    /// The nearest image above.
    Up,
    /// The nearest image below.
    Down,
    /// Show the chosen image large.
    Enlarge,
    /// Mistakes only, or all.
    Wrong,
    /// Let the next class stand out.
    NextClass,
    /// Let the class before stand out.
    PreviousClass,
    /// Let no class stand out.
    AllClasses,
    /// Back to the images.
    Close,
}

use MapAction as Do;

/// Where keys go while the map is shown.
pub const SET: Context = Context::with_global_keys("Map of the set");

/// The map's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(SET, &[char('M'), BACKSPACE], Do::Close, "back", "back to the images"),
    on(SET, &[ENTER], Do::Enlarge, "large", "show the image large"),
    on(SET, &[char('w')], Do::Wrong, "wrong", "only what was predicted wrongly, or all"),
    on(SET, &[char('c')], Do::NextClass, "class", "let one class stand out: the image's, then the next"),
    on(SET, &[char('C')], Do::PreviousClass, "", "let one class stand out: the one before"),
    on(SET, &[char('a')], Do::AllClasses, "", "all images in the colours of their classes"),
    on(SET, &[LEFT, char('h')], Do::Left, "", "the nearest image on the left"),
    on(SET, &[RIGHT, char('l')], Do::Right, "", "the nearest image on the right"),
    on(SET, &[UP, char('k')], Do::Up, "", "the nearest image above"),
    on(SET, &[DOWN, char('j')], Do::Down, "", "the nearest image below"),
];
