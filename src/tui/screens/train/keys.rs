//! The screen's actions and keys.

use crate::tui::keys::{Binding, Context, DOWN, END, ENTER, ESC, HOME, LEFT, RIGHT, UP, char, on};
use crate::tui::overlays::{LAYERS, TIMES};

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TrainAction {
    /// Pause the run, or go on.
    PauseOrResume,
    /// End the run with the running epoch.
    FinishEpoch,
    /// Stop the run now, after a question.
    Stop,
    /// Train the same network again, from another seed.
    Restart,
    /// Raise the chosen setting of the run under way.
    Raise,
    /// Lower it.
    Lower,
    /// Choose the next setting.
    NextDial,
    /// Smooth the curves less.
    SmoothLess,
    /// Smooth the curves more.
    SmoothMore,
    /// Draw the loss on a logarithmic axis, or back.
    ToggleLogLoss,
    /// Show only the recent epochs, fewer with every step, then all again.
    Zoom,
    /// Show accuracy and loss, or one of them.
    NextView,
    /// Curves over epochs, or over time.
    NextAxis,
    /// Move the crosshair this many epochs to the right, or to the left.
    MoveCrosshair(isize),
    /// Show where the time of the run goes.
    ShowProfile,
    /// Show what is inside the layers.
    ShowLayers,
    /// Open the list of runs to compare with.
    OpenPicker,
    /// The run above.
    Up,
    /// The run below.
    Down,
    /// Lay the run over the curves, or take it away.
    Toggle,
    /// Show what differs between the run and the baseline, or the run in view.
    Compare,
    /// Take all runs away.
    ChooseNone,
    /// Close the list.
    ClosePicker,
}

use TrainAction as Do;

/// Where keys go while the curves are shown.
pub const CURVES: Context = Context::with_global_keys("Train");
/// Where keys go while the list of runs to compare with is open.
pub const PICKER: Context = Context::without_global_keys("Comparing runs");

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(CURVES, &[char(' ')], Do::PauseOrResume, "pause", "pause the run, or go on"),
    on(CURVES, &[char('f')], Do::FinishEpoch, "finish", "finish this epoch, then stop"),
    on(CURVES, &[char('x')], Do::Stop, "stop", "stop now (asks)"),
    on(CURVES, &[char('+'), char('=')], Do::Raise, "steer", "raise the learning rate, or what v chose, while the run goes on"),
    on(CURVES, &[char('-')], Do::Lower, "", "lower it"),
    on(CURVES, &[char('v')], Do::NextDial, "", "what + and - change: learning rate, weight decay, momentum, dropout"),
    on(CURVES, &[char('r')], Do::Restart, "", "train the same network again, from another seed"),
    on(CURVES, &[char('c')], Do::OpenPicker, "compare", "lay earlier runs over the curves").opens(PICKER),
    on(CURVES, &[char('b')], Do::ShowProfile, "times", "where the time goes: what each layer costs in milliseconds").opens(TIMES),
    on(CURVES, &[char('I')], Do::ShowLayers, "inside", "inside the layers: activations, dead units, gradients").opens(LAYERS),
    on(CURVES, &[char('z')], Do::Zoom, "zoom", "all epochs, or the last 100, 20, 10"),
    on(CURVES, &[char(']')], Do::SmoothMore, "", "smooth the curves more"),
    on(CURVES, &[char('[')], Do::SmoothLess, "", "smooth the curves less"),
    on(CURVES, &[char('l')], Do::ToggleLogLoss, "", "loss on a logarithmic or a linear axis"),
    on(CURVES, &[char('m')], Do::NextView, "", "accuracy and loss, or one of them"),
    on(CURVES, &[char('X')], Do::NextAxis, "", "curves over epochs, or over the time of training"),
    on(CURVES, &[RIGHT], Do::MoveCrosshair(1), "read", "read all curves at an epoch: the next; Esc ends"),
    on(CURVES, &[LEFT], Do::MoveCrosshair(-1), "", "read all curves at an epoch: the one before"),
    on(CURVES, &[END], Do::MoveCrosshair(isize::MAX), "", "read all curves at the last epoch"),
    on(CURVES, &[HOME], Do::MoveCrosshair(isize::MIN), "", "read all curves at the first epoch"),
    on(PICKER, &[char(' ')], Do::Toggle, "choose", "lay the run over the curves, or take it away"),
    on(PICKER, &[char('d')], Do::Compare, "differences", "what differs from the baseline, or the run in view"),
    on(PICKER, &[UP, char('k')], Do::Up, "", "up"),
    on(PICKER, &[DOWN, char('j')], Do::Down, "", "down"),
    on(PICKER, &[char('u')], Do::ChooseNone, "none", "take all runs away"),
    on(PICKER, &[ENTER, ESC, char('c'), char('q')], Do::ClosePicker, "close", "close the list"),
];
