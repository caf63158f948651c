//! What the app asks the outside to do. The app itself does no I/O.

use crate::data::Split;
use crate::nn::Snapshot;
use crate::spec::{CheckedSpec, Spec};
use crate::train::Command;
use std::path::PathBuf;
use std::sync::Arc;

/// Work for the [`Services`](super::services::Services).
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Start a run of the spec on the loaded data.
    StartRun(Box<CheckedSpec>),
    /// Go on with the interrupted run of the spec in the folder.
    ResumeRun(Box<CheckedSpec>, PathBuf),
    /// Tell the run something.
    Command(Command),
    /// Write a model file.
    SaveModel {
        /// Where to.
        path: PathBuf,
        /// What.
        snapshot: Arc<Snapshot>,
        /// Write over a file that is there, instead of asking.
        overwrite: bool,
    },
    /// Read a model file and evaluate it on the validation images.
    LoadModel(PathBuf),
    /// Write a spec file.
    WriteSpec {
        /// Where to.
        path: PathBuf,
        /// What.
        spec: Box<Spec>,
        /// Write over a file that is there, instead of asking.
        overwrite: bool,
    },
    /// List the spec files of the working directory.
    ListSpecs,
    /// Compute the output of every layer for a validation image.
    LookInside {
        /// The model.
        snapshot: Arc<Snapshot>,
        /// The images it was evaluated on.
        images: Arc<Split>,
        /// Position among them.
        image: usize,
    },
    /// Read the folders below `runs/`.
    ScanRuns,
    /// Delete a run folder.
    DeleteRun(PathBuf),
    /// List what begins like this path.
    CompletePath(String),
    /// Fetch the real data.
    StartFetch,
    /// Stop the fetch.
    StopFetch,
    /// Read the data of this folder and use it from now on.
    LoadData(PathBuf),
    /// Stop the program for now, as Ctrl-Z does.
    Suspend,
    /// Leave the program.
    Quit,
}
