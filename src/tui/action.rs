//! What a key can do. Each screen has actions of its own in its file.

use super::screens::Screen;
use super::screens::confusion::ConfusionAction;
use super::screens::design::DesignAction;
use super::screens::runs::RunsAction;
use super::screens::samples::SamplesAction;
use super::screens::train::TrainAction;

/// Something the person at the keyboard asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Go to a screen.
    Go(Screen),
    /// Go to the next screen.
    NextScreen,
    /// Go to the screen before.
    PreviousScreen,
    /// Start training the network of the Design screen.
    StartTraining,
    /// Save the trained model to a file.
    SaveModel,
    /// Open a saved model.
    LoadModel,
    /// Show how far the fetch of the real data is.
    ShowFetch,
    /// Fetch the real data.
    StartFetch,
    /// Stop fetching.
    StopFetch,
    /// Show the keys of this screen.
    Help,
    /// Use the next colour theme.
    NextTheme,
    /// Close what is open, or dismiss the oldest error.
    Dismiss,
    /// Leave the program.
    Quit,
    /// Answer a question with yes.
    Yes,
    /// Answer a question with no.
    No,
    /// Accept what is typed or chosen in an overlay.
    Accept,
    /// Complete a path.
    Complete,
    /// Choose between the last and the best model when saving.
    ToggleBest,
    /// Scroll an overlay up.
    Up,
    /// Scroll an overlay down.
    Down,
    /// An action of the Design screen.
    Design(DesignAction),
    /// An action of the Train screen.
    Train(TrainAction),
    /// An action of the Confusion screen.
    Confusion(ConfusionAction),
    /// An action of the Samples screen.
    Samples(SamplesAction),
    /// An action of the Runs screen.
    Runs(RunsAction),
}
