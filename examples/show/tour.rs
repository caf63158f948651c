//! The moving picture: open, add a layer, train, choose a wrong cell, look inside.

use super::play::Step::{self, Press, Show, Wait, Watch};

/// Columns and rows: all of it can be read in a page.
pub const SIZE: (u16, u16) = (100, 30);

/// What is played.
pub const STEPS: &[Step] = &[
    Wait("Your network"),
    Wait("60000"),
    Show("It starts at once: go on, learn, or open something", 2.5),
    Press("o"),
    Press("tiny"),
    Show("o, tiny: a small network to begin with", 1.5),
    Press("\r"),
    Wait("9,146"),
    Show("Its layers, their shapes, and what they cost", 2.5),
    Press("jj"),
    Press("a"),
    Press("drop"),
    Show("a, drop: add a layer", 1.5),
    Press("\r"),
    Wait("Dropout"),
    Show("Shapes and costs follow", 2.0),
    Press("t"),
    Press("2"),
    Wait("validation"),
    Watch("t: it trains; both curves grow", 24),
    Wait("is done"),
    Show("Ten epochs, each with its error", 2.0),
    Press("3"),
    Show("3: which classes are taken for which", 2.5),
    Press("n"),
    Show("n: the most confused pair", 1.5),
    Press("\r"),
    Show("Enter: the very images, with what the network thought", 2.5),
    Press("\x1b[C"),
    Show("The next one", 1.0),
    Press("o"),
    Wait("covered"),
    Show("o: where it looks", 2.5),
    Press("o"),
    Wait("Grad-CAM"),
    Show("o again: by Grad-CAM", 2.0),
    Press("v"),
    Press("l"),
    Show("v: inside, layer by layer", 2.5),
    Press("\r"),
    Wait("×"),
    Show("Enter: where one number comes from", 3.0),
];
