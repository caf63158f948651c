//! What the app wants done outside its own state. The app itself does no I/O.

use crate::data::{Dataset, Split};
use crate::nn::Snapshot;
use crate::runs::GoingOn;
use crate::spec::{CheckedSpec, Spec};
use crate::train::Command;
use std::path::PathBuf;
use std::sync::Arc;

/// Something to do outside the app: [`Suspend`](Self::Suspend) and [`Quit`](Self::Quit) by the owner of
/// the loop, all else by the [`Services`](super::services::Services).
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Start a run of the spec on the loaded data.
    StartRun(Box<CheckedSpec>),
    /// Go on with the run of the spec on disk, or fork it.
    GoOn(Box<CheckedSpec>, GoingOn),
    /// Send the run a command.
    Command(Command),
    /// Measure how long an epoch of the network would take, once nothing else is asked for a moment.
    TimeEpoch(Box<CheckedSpec>),
    /// Fetch the real data.
    StartFetch,
    /// Stop the fetch.
    StopFetch,
    /// Do something in the background.
    Work(Job),
    /// Train and evaluate on these images from now on.
    UseData(Arc<Dataset>),
    /// Send a [`Beat`](super::message::Message::Beat) after a moment.
    Beat,
    /// Stop the program for now, as Ctrl-Z does.
    Suspend,
    /// Leave the program.
    Quit,
}

/// A piece of background work; one is done after another.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// Read the data of the folder and use it from now on; without one, of the usual places.
    LoadData(Option<PathBuf>),
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
    /// Find out where the model looks on a validation image.
    Occlude {
        /// The model.
        snapshot: Arc<Snapshot>,
        /// The images it was evaluated on.
        images: Arc<Split>,
        /// Position among them.
        image: usize,
    },
    /// Read what a run took its validation images for.
    ReadHistory {
        /// The run's folder.
        folder: PathBuf,
        /// Only up to this epoch.
        epochs: Option<usize>,
        /// The number of the run of this session that goes on from it.
        run: Option<u64>,
    },
    /// Read the folders below `runs/`.
    ScanRuns,
    /// Read the models of two runs, and evaluate both on the validation images.
    Compare {
        /// Their folders.
        folders: [PathBuf; 2],
        /// The models of the best epochs, which were picked, instead of the last ones.
        best: bool,
    },
    /// Delete a run folder.
    DeleteRun(PathBuf),
    /// List the completions of a path.
    CompletePath(String),
}

impl From<Job> for Effect {
    fn from(job: Job) -> Self {
        Self::Work(job)
    }
}
