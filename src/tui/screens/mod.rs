//! The screens, a folder each: its keys, its state, how it is drawn, and `screen.rs`, which ties them
//! together. A screen more is its folder, a `mod` line and a line of [`SCREENS`]: tab, digit, hints and
//! help follow from that.

pub mod confusion;
pub mod data;
pub mod design;
pub mod runs;
pub mod samples;
mod screen;
pub mod train;

pub use screen::{Panel, Screen, Tab};

/// The titles of all screens.
pub fn titles() -> Vec<&'static str> {
    SCREENS.iter().map(|tab| tab.title).collect()
}

/// The screens, in the order of their tabs; the program begins with the first.
pub const SCREENS: &[Tab] = &[
    design::TAB,
    train::TAB,
    confusion::TAB,
    samples::TAB,
    runs::TAB,
    data::TAB,
];
