//! What is asked before something that cannot be taken back.

use crate::runs::GoingOn;
use crate::spec::{CheckedSpec, Spec};
use crate::train::Validated;
use std::path::PathBuf;
use std::sync::Arc;

/// What a yes would do.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Leave, with a run under way or edits that are in no file.
    Quit,
    /// Stop the run within the epoch.
    StopRun,
    /// Train some epochs more of a run that is complete.
    TrainLonger(Box<CheckedSpec>, GoingOn),
    /// Write over a model file.
    OverwriteModel {
        /// The file.
        path: PathBuf,
        /// What to write.
        validated: Arc<Validated>,
    },
    /// Write over a spec file.
    OverwriteSpec(PathBuf),
    /// Delete a run folder.
    DeleteRun(PathBuf),
    /// Leave the JSON editor and lose its text.
    DropText,
    /// Leave the lesson under way.
    LeaveLesson,
    /// Put another network in place of one whose edits are in no file.
    ReplaceDesign(Box<Spec>),
}
