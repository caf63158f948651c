//! What reaches the event loop.

use super::run_state::PastRun;
use crate::data::fetch::FetchEvent;
use crate::data::import::ImportEvent;
use crate::data::{Dataset, Split};
use crate::insight::audit::{Findings, Labels, Step};
use crate::insight::{
    Ablation, Comparison, Embedding, ImageTrace, Inside, Look, Muting, Overview, Prediction,
};
use crate::nn::Snapshot;
use crate::runs::History;
use crate::spec::{CheckedSpec, Spec};
use crate::train::{EpochTime, Event, LrFindResult, LrStep, Validated};
use crate::tui::ticket::Ticket;
use crossterm::event::Event as TerminalEvent;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// One thing that happened.
#[derive(Debug)]
pub enum Message {
    /// A key, the mouse, or a new size, with the time it was read.
    Terminal(TerminalEvent, Instant),
    /// Something about the run with this number.
    Run(u64, Box<Event>),
    /// The services have done something.
    Answer(Answer),
    /// A moment has passed, as was asked for.
    Beat,
    /// All that was drawn is on the screen.
    Written,
    /// Another process asked this one to stop for now.
    Suspend,
    /// The process goes on after it was stopped.
    Continued,
    /// Another process asked this one to end.
    Terminate,
}

/// The outcome of an [`Effect`](super::effect::Effect).
#[derive(Debug)]
pub enum Answer {
    /// How much of the data is read, 0 to 1.
    DataProgress(f64),
    /// The data is loaded.
    DataReady {
        /// The data.
        dataset: Arc<Dataset>,
        /// Folders that were searched for real data before the sample set was used.
        looked_in: Vec<PathBuf>,
    },
    /// The data named by the user cannot be used.
    DataFailed(String),
    /// The data that the user chose cannot be used; what was in use stays.
    DataRefused(String),
    /// A model file is written.
    ModelSaved(PathBuf),
    /// The file to save to is there already.
    ModelExists {
        /// The file.
        path: PathBuf,
        /// What was to be written.
        validated: Arc<Validated>,
    },
    /// A model file is read and evaluated.
    ModelLoaded {
        /// The file.
        path: PathBuf,
        /// The model and its predictions on the validation images.
        validated: Arc<Validated>,
        /// Of a file that another program has saved, how its tensors were told.
        how: Option<String>,
    },
    /// A spec file is written.
    SpecWritten(PathBuf),
    /// The file to write the spec to is there already.
    SpecExists(PathBuf),
    /// The folder to write into is not there.
    FolderMissing {
        /// The file.
        path: PathBuf,
        /// The model that was to be written; without one the spec.
        validated: Option<Arc<Validated>>,
    },
    /// The edited network cannot be kept for the next start; the sentence says why.
    NotKept(String),
    /// The spec files of the working directory, each with its spec or what is wrong with it.
    Specs(Vec<(PathBuf, Result<Spec, String>)>),
    /// Every layer's output for a validation image.
    Inside {
        /// Position among the validation images.
        image: usize,
        /// The image and the output of every layer.
        trace: Arc<ImageTrace>,
    },
    /// What some units are good for.
    Muted(Arc<Muting>),
    /// Where the model looks on a validation image.
    Looked {
        /// Position among the validation images.
        image: usize,
        /// The map.
        map: Arc<Look>,
    },
    /// What a run took its validation images for.
    History {
        /// The run's folder.
        folder: PathBuf,
        /// The number of the run of this session that goes on from it.
        run: Option<u64>,
        /// It, where there is one; or why it cannot be read.
        outcome: Result<Option<FoundHistory>, String>,
    },
    /// What is inside the layers of a model.
    Layers {
        /// The model.
        snapshot: Arc<Snapshot>,
        /// What there is, or why that is not known.
        outcome: Result<Arc<Inside>, String>,
    },
    /// Something about a map of the set.
    MapOfSet {
        /// Which one.
        ticket: Ticket,
        /// What.
        news: MapNews,
    },
    /// What the model says of pictures.
    Predicted {
        /// The number of the question.
        version: u64,
        /// For each picture.
        predictions: Vec<Prediction>,
    },
    /// A picture file is read.
    PictureLoaded {
        /// The file.
        path: PathBuf,
        /// The picture alone, of the size of the images that are loaded.
        picture: Arc<Split>,
        /// What was done to it, and whether it looks like those images.
        about: String,
    },
    /// A picture is written.
    PictureWritten(PathBuf),
    /// How long an epoch of a network would take.
    EpochTime {
        /// The network, and how it is trained.
        spec: Box<CheckedSpec>,
        /// On which data.
        dataset: Arc<Dataset>,
        /// The outcome.
        time: EpochTime,
    },
    /// The runs below `runs/`.
    Runs(Vec<Arc<PastRun>>),
    /// Two runs were compared.
    Compared {
        /// Their folders.
        folders: [PathBuf; 2],
        /// Whether by the models of their best epochs.
        best: bool,
        /// How they differ, or why they cannot be compared.
        outcome: Result<Arc<Comparison>, String>,
    },
    /// A run is written for other programs.
    Exported(PathBuf),
    /// A run folder is deleted.
    RunDeleted(PathBuf),
    /// The name and note of the run in this folder were written.
    LabelWritten(PathBuf),
    /// The completions of a path.
    Completions {
        /// The path as it was typed.
        typed: String,
        /// Paths, folders with a separator at their end.
        paths: Vec<String>,
    },
    /// A network is trained without its parts.
    Ablation(AblationNews),
    /// A network is trained with other settings.
    Sweep(SweepNews),
    /// A user's pictures are imported.
    Import(ImportNews),
    /// A learning rate is looked for.
    Rate(RateNews),
    /// The fetch of the real data.
    Fetch(FetchNews),
    /// The audit of this data.
    Audit(Arc<Dataset>, AuditNews),
    /// The list of training images to leave out is written.
    ListWritten(PathBuf),
    /// Something could not be done; the sentence says what and why.
    Failed(String),
}

/// The history of a run on disk.
#[derive(Debug)]
pub struct FoundHistory {
    /// What its validation images were taken for.
    pub history: History,
    /// These images.
    pub images: Arc<Split>,
}

/// How far a map of the set is.
#[derive(Clone, Debug, PartialEq)]
pub enum MapNews {
    /// The share of the images that the network has seen.
    Looking(f64),
    /// The map that the work goes on from.
    Start(Arc<Embedding>),
    /// The images are on their way.
    Moved {
        /// Where they are.
        points: Vec<[f32; 2]>,
        /// The share of the steps that are done.
        share: f64,
    },
    /// The map.
    Done(Arc<Embedding>),
    /// It was called off.
    Stopped,
    /// There is none; the sentence says why.
    Failed(String),
}

/// What an audit reports.
#[derive(Clone, Debug, PartialEq)]
pub enum AuditNews {
    /// How far it is.
    At(Step),
    /// What was found so far, and what networks say of the labels, once they have judged.
    Found(Arc<Findings>, Option<Arc<Labels>>),
    /// It is done.
    Done,
    /// It was stopped.
    Stopped,
    /// It failed; the sentence says why.
    Failed(String),
}

/// What a fetch reports.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchNews {
    /// Something happened on the way.
    Event(FetchEvent),
    /// All files are in this folder.
    Done(PathBuf),
    /// It was stopped.
    Stopped,
    /// It failed; the sentence says why.
    Failed(String),
}

/// What an ablation reports.
#[derive(Clone, Debug, PartialEq)]
pub enum AblationNews {
    /// How far it is.
    Progress(RunsProgress),
    /// What is known of the parts by now.
    Found(Arc<Ablation>),
    /// Nothing more is trained, as all is done or it was stopped.
    Ended {
        /// Where the runs are.
        folder: PathBuf,
        /// Runs that are trained to their end.
        done: usize,
        /// Runs there are to be.
        runs: usize,
    },
    /// It could not be trained; the sentence says why.
    Failed(String),
}

/// What a sweep reports.
#[derive(Clone, Debug, PartialEq)]
pub enum SweepNews {
    /// How far it is.
    Progress(RunsProgress),
    /// What is known by now.
    Found(Arc<Overview>),
    /// Nothing more is trained, as all has ended or it was stopped.
    Ended {
        /// Where the runs are.
        folder: PathBuf,
        /// Runs that have ended: trained to their end, pruned, or diverged.
        ended: usize,
        /// Runs there are to be.
        runs: usize,
    },
    /// It cannot be trained like that; the sentence says why.
    Failed(String),
}

/// What an import reports.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportNews {
    /// How far it is.
    At(ImportEvent),
    /// The images, of which nothing is written yet.
    Prepared {
        /// They.
        dataset: Arc<Dataset>,
        /// What was done to the pictures, a sentence each.
        about: Vec<String>,
    },
    /// The data set is in this folder.
    Done(PathBuf),
    /// It was stopped; nothing is left of it.
    Stopped,
    /// It failed; the sentence says why.
    Failed(String),
}

/// What a learning rate range test reports.
#[derive(Clone, Debug, PartialEq)]
pub enum RateNews {
    /// A step is trained.
    Step(LrStep),
    /// The test is over.
    Done(Arc<LrFindResult>),
    /// It failed; the sentence says why.
    Failed(String),
}

/// How far a series of runs is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunsProgress {
    /// Runs that have ended.
    pub ended: usize,
    /// Runs there are to be.
    pub runs: usize,
    /// The run under way: `without=3 seed=1`.
    pub label: String,
    /// The share of all that is trained, from 0 to 1.
    pub share: f64,
    /// Seconds that the rest will take, once that can be said.
    pub seconds_left: Option<f64>,
}
