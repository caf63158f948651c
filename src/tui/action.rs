//! What a key can do on every screen, and in what opens on top of the screens. Each screen has actions
//! of its own in its folder.

/// What the start screen offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The network as it was left.
    Design,
    /// The newest run.
    LastRun,
    /// A lesson.
    Lesson,
    /// A preset or a spec file.
    Preset,
    /// Images of the user's own.
    Data,
    /// Nothing.
    Quit,
}

/// Something that a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Go to the screen at this position among the tabs.
    Go(usize),
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
    /// Explain what the cursor is on.
    Explain,
    /// Choose a lesson, or leave the one under way.
    Learn,
    /// Open what is chosen in an overlay.
    Open,
    /// Go back a step in an overlay; from the first one it closes.
    Back,
    /// Choose the next thing in an overlay.
    Next,
    /// Choose the thing before.
    Previous,
    /// Show the keys of this screen.
    Help,
    /// Look for an action by its name.
    FindAction,
    /// Begin with something that the start screen offers.
    Begin(Start),
    /// Show the screen alone in a large terminal, or all of them again.
    ShowAlone,
    /// Use the next colour theme.
    NextTheme,
    /// Show all screens as they were an epoch before.
    EarlierEpoch,
    /// Show all screens as they were an epoch later; after the last one as they are now.
    LaterEpoch,
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
    /// Scroll an overlay up by a page.
    PageUp,
    /// Scroll an overlay down by a page.
    PageDown,
}
