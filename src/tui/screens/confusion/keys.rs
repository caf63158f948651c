//! The screen's actions and keys.

use crate::tui::keys::{Binding, Context, DOWN, END, ENTER, HOME, LEFT, RIGHT, UP, char, on};

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConfusionAction {
    /// The true class above.
    Up,
    /// The true class below.
    Down,
    /// The predicted class to the left.
    Left,
    /// The predicted class to the right.
    Right,
    /// The first predicted class of the row.
    RowStart,
    /// The last predicted class of the row.
    RowEnd,
    /// The next most confused pair.
    NextPair,
    /// The more confused pair before.
    PreviousPair,
    /// Shares of the row instead of counts, or back.
    Normalize,
    /// Show the images of the cell.
    Open,
    /// Show how sure the model is in place of the matrix, or back.
    Certainty,
    /// Show what is inside the model's layers.
    Layers,
    /// There: the next class.
    NextClass,
    /// There: the class before; before the first one all.
    PreviousClass,
}

use ConfusionAction as Do;

/// Where keys go while this screen has them.
pub const CONTEXT: Context = Context::with_global_keys("Confusion");

/// Where keys go while it shows how sure the model is.
pub const CERTAINTY: Context = Context::with_global_keys("How sure");

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(CONTEXT, &[ENTER], Do::Open, "images", "show the images of the cell"),
    on(CONTEXT, &[char('n')], Do::NextPair, "next pair", "go to the next most confused pair"),
    on(CONTEXT, &[char('N')], Do::PreviousPair, "", "go back to the more confused pair before"),
    on(CONTEXT, &[char('%')], Do::Normalize, "percent", "counts, or percent of the true class"),
    on(CONTEXT, &[char('u')], Do::Certainty, "how sure", "how sure the model is, and how often it is right then").opens(CERTAINTY),
    on(CONTEXT, &[char('I')], Do::Layers, "", "inside the model's layers: activations, dead units, gradients"),
    on(CONTEXT, &[UP, char('k')], Do::Up, "", "the true class above"),
    on(CONTEXT, &[DOWN, char('j')], Do::Down, "", "the true class below"),
    on(CONTEXT, &[LEFT, char('h')], Do::Left, "", "the predicted class to the left"),
    on(CONTEXT, &[RIGHT, char('l')], Do::Right, "", "the predicted class to the right"),
    on(CONTEXT, &[HOME], Do::RowStart, "", "the first predicted class"),
    on(CONTEXT, &[END], Do::RowEnd, "", "the last predicted class"),
    on(CERTAINTY, &[DOWN, char('j')], Do::NextClass, "class", "the images taken for the next class"),
    on(CERTAINTY, &[UP, char('k')], Do::PreviousClass, "", "the class before; before the first all"),
    on(CERTAINTY, &[char('u')], Do::Certainty, "matrix", "back to the matrix"),
];
