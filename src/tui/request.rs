//! What a screen wants done by the app or by another screen.

use super::overlays::Question;
use crate::spec::{CheckedSpec, Problem, Spec};
use std::path::PathBuf;

/// Something a screen wants but cannot do by itself. What the app does not handle it offers to every
/// screen, see [`Screen::serve`](super::screens::Screen::serve).
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Ask the question, in these words.
    Ask(Question, String),
    /// Ask where to write the spec of the Design screen.
    AskWhereToWriteSpec,
    /// Train the spec of the last run again, from another seed.
    Restart,
    /// Go on with the interrupted run of the spec in the folder.
    Continue(Box<CheckedSpec>, PathBuf),
    /// Show where the time of the run goes.
    ShowProfile,
    /// Show how the runs in these folders differ.
    CompareRuns([PathBuf; 2]),
    /// Show the run that was just started.
    ShowRun,
    /// Show the images of class `truth` that were predicted as `predicted`.
    ShowImages {
        /// True class.
        truth: usize,
        /// Predicted class.
        predicted: usize,
    },
    /// Open a spec for editing, after a question if edits would be lost.
    OpenSpec(Box<Spec>),
    /// Open a spec for editing.
    ReplaceDesign(Box<Spec>),
    /// Leave the JSON editor and lose its text.
    DropText,
    /// Show what is wrong with the edited spec, at its layer or field.
    ShowProblem(Problem),
}
