//! What a screen wants done by the app or by another screen.

use super::kept_design::KeptDesign;
use super::overlays::Question;
use crate::runs::{GoingOn, PastRun};
use crate::spec::{CheckedSpec, Problem, Schedule, Spec};
use std::path::PathBuf;
use std::sync::Arc;

/// Something a screen wants but cannot do by itself. What the app does not handle it offers to every
/// screen, see [`Screen::serve`](super::screens::Screen::serve).
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Ask the question, in these words.
    Ask(Question, String),
    /// Ask which picture file to put on the drawing pad.
    AskForPicture,
    /// Ask where to write the spec of the Design screen.
    AskWhereToWriteSpec,
    /// Ask what to call the run.
    AskForLabel(Arc<PastRun>),
    /// Ask where to write the run in a folder for other programs, and as what.
    AskWhereToExport(PathBuf),
    /// Train the spec of the last run again, from another seed.
    Restart,
    /// Train the spec of the last run from the next of several seeds.
    NextSeed,
    /// Go on with the run of the spec on disk, or fork it.
    Continue(Box<CheckedSpec>, GoingOn),
    /// Show where the time of the run goes.
    ShowProfile,
    /// Show what is inside the layers of the run in view.
    ShowLayersOfRun,
    /// Show what is inside the layers of the model in view.
    ShowLayersOfModel,
    /// Explain what the cursor is on.
    Explain,
    /// Put a lesson's network in place of the edited one, which is kept until it is returned.
    BorrowDesign(Box<Spec>),
    /// Put the network back that was edited before the lesson.
    ReturnDesign,
    /// Put back the network that was kept of the time before.
    RestoreDesign(Box<KeptDesign>),
    /// Choose a preset or a spec file.
    ChoosePreset,
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

/// How many epochs a run that is complete is made longer by.
pub const MORE_EPOCHS: usize = 5;

impl Request {
    /// Asks whether to make the complete run of `spec`, which has so many epochs, longer.
    pub fn ask_for_more(spec: CheckedSpec, how: GoingOn, epochs: usize) -> Self {
        let schedule = match spec.schedule {
            Schedule::Constant => "the learning rate stays".to_owned(),
            schedule => format!(
                "the schedule ({}) is stretched over all {}",
                schedule.in_words(),
                epochs + MORE_EPOCHS
            ),
        };
        let text =
            format!("The run is complete. Train {MORE_EPOCHS} epochs more? Then {schedule}.");
        let how = GoingOn {
            more_epochs: MORE_EPOCHS,
            ..how
        };
        Self::Ask(Question::TrainLonger(Box::new(spec), how), text)
    }
}
