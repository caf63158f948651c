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
    /// Make the folder that a file is to be written into, and write it.
    MakeFolder {
        /// The file.
        path: PathBuf,
        /// The model to write; without one the spec.
        validated: Option<Arc<Validated>>,
    },
    /// Train the network of the Design screen, which takes long.
    TrainLong,
    /// Delete a run folder.
    DeleteRun(PathBuf),
    /// Leave the JSON editor and lose its text.
    DropText,
    /// Leave the lesson under way.
    LeaveLesson,
    /// Put another network in place of one whose edits are in no file.
    ReplaceDesign(Box<Spec>),
}
