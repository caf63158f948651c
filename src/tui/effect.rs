//! What the app wants done outside its own state. The app itself does no I/O.

use crate::data::import::ImportOptions;
use crate::data::{Dataset, Split};
use crate::insight::audit::Findings;
use crate::insight::{LookMethod, Unit};
use crate::nn::Snapshot;
use crate::runs::{GoingOn, Label};
use crate::spec::ablation::Part;
use crate::spec::vary::Vary;
use crate::spec::{CheckedSpec, Spec};
use crate::sweep::Halving;
use crate::train::{Command, Validated};
use crate::tui::kept_design::KeptDesign;
use crate::tui::ticket::Ticket;
use std::path::PathBuf;
use std::sync::Arc;

/// Something to do outside the app: [`Suspend`](Self::Suspend), [`Restore`](Self::Restore) and
/// [`Quit`](Self::Quit) by the owner of
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
    /// Train the network whole and without each of these parts, from so many seeds.
    StartAblation {
        /// The network.
        spec: Box<CheckedSpec>,
        /// What is left out, one at a time.
        parts: Vec<Part>,
        /// How many seeds.
        seeds: usize,
    },
    /// Stop that; it is saved and can go on.
    StopAblation,
    /// Train the network with other settings, from so many seeds.
    StartSweep(Box<SweepOrder>),
    /// Stop that; it is saved and can go on.
    StopSweep,
    /// Look for a learning rate for the network.
    FindRate(Box<CheckedSpec>),
    /// Stop that.
    StopFindingRate,
    /// Fetch the real data.
    StartFetch,
    /// Stop the fetch.
    StopFetch,
    /// Make images of a user's pictures, to be looked at.
    LookAtImport(Box<ImportOrder>),
    /// Write these as a data set.
    WriteImport,
    /// Drop them.
    DropImport,
    /// Audit the loaded data, with its labels or without.
    StartAudit {
        /// Whether networks are trained to judge the labels.
        with_labels: bool,
    },
    /// Stop the audit.
    StopAudit,
    /// Keep the edited network for the next start, once it rests.
    KeepDesign(Box<KeptDesign>),
    /// Do something in the background.
    Work(Job),
    /// Train and evaluate on these images from now on.
    UseData(Arc<Dataset>),
    /// Send a [`Beat`](super::message::Message::Beat) after a moment.
    Beat,
    /// Stop the program for now, as Ctrl-Z does.
    Suspend,
    /// Set the terminal up again and draw all of it, as another program may have had it meanwhile.
    Restore,
    /// Leave the program.
    Quit,
}

/// What a job that writes a file may do without asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leave {
    /// Write over a file that is there.
    pub overwrite: bool,
    /// Make the folder that is missing.
    pub make_folder: bool,
}

/// A piece of background work; one is done after another.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// Read the data of the folder and use it from now on; without one, of the usual places.
    LoadData(Option<PathBuf>),
    /// The same with a folder that the user chose; what is in use stays if it cannot be read.
    OpenData(PathBuf),
    /// Write a model file.
    SaveModel {
        /// Where to.
        path: PathBuf,
        /// What, with what it takes the validation images for.
        validated: Arc<Validated>,
        /// What need not be asked.
        leave: Leave,
    },
    /// Read a model file and evaluate it on the validation images.
    LoadModel {
        /// The file, or a run folder.
        path: PathBuf,
        /// The network of a file that another program has saved, which does not say it itself.
        network: Option<Box<Spec>>,
    },
    /// Write a spec file.
    WriteSpec {
        /// Where to.
        path: PathBuf,
        /// What.
        spec: Box<Spec>,
        /// What need not be asked.
        leave: Leave,
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
        /// What is muted.
        muted: Vec<Unit>,
    },
    /// Evaluate the model without some units.
    Mute {
        /// The model with its predictions.
        model: Arc<Validated>,
        /// What is muted.
        units: Vec<Unit>,
    },
    /// Find out where the model looks on a validation image.
    Look {
        /// How.
        method: LookMethod,
        /// The class that is watched; none is the one the image is taken for.
        class: Option<usize>,
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
    /// Look into the layers of a model.
    LookIntoLayers(Arc<Snapshot>),
    /// Lay out the validation images as the model sees them.
    MapOfSet {
        /// The model, and its images.
        model: Arc<Validated>,
        /// Called off when the map is no longer wanted.
        ticket: Ticket,
    },
    /// Find out what the model says of pictures.
    Predict {
        /// The model.
        model: Arc<Validated>,
        /// The pictures; their labels do not matter.
        pictures: Arc<Split>,
        /// Comes back with the answer.
        version: u64,
    },
    /// Read a picture file and make it like the images that are loaded.
    LoadPicture(PathBuf),
    /// Write a picture into the working directory.
    WritePicture {
        /// The file's name without a number and the ending.
        stem: String,
        /// The picture alone.
        picture: Arc<Split>,
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
    /// Write a run, or its best model, for other programs; the ending says what.
    Export {
        /// Its folder.
        run: PathBuf,
        /// Where to.
        path: PathBuf,
    },
    /// Delete a run folder.
    DeleteRun(PathBuf),
    /// Write what a run is called and what was noted of it.
    WriteLabel {
        /// The run's folder.
        folder: PathBuf,
        /// Name and note.
        label: Label,
    },
    /// Write the list of training images to leave out, unless a file is there already.
    WriteList {
        /// Where to.
        path: PathBuf,
        /// What was found.
        findings: Arc<Findings>,
        /// The data.
        dataset: Arc<Dataset>,
    },
    /// List the completions of a path.
    CompletePath(String),
}

/// What is to be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOrder {
    /// Folder, file or archive with pictures and labels.
    pub source: PathBuf,
    /// The folder to make.
    pub to: PathBuf,
    /// How pictures become images.
    pub options: ImportOptions,
}

/// What a sweep is to train.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepOrder {
    /// What all runs have in common.
    pub spec: CheckedSpec,
    /// What they differ in.
    pub vary: Vec<Vary>,
    /// From how many seeds.
    pub seeds: usize,
    /// How many combinations are drawn; none is all of them.
    pub trials: Option<usize>,
    /// Whether and how those that do worst are pruned.
    pub prune: Option<Halving>,
    /// Runs at a time.
    pub jobs: usize,
}

impl From<Job> for Effect {
    fn from(job: Job) -> Self {
        Self::Work(job)
    }
}
