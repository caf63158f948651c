//! Why a training run, an evaluation or a bench cannot go on.

use crate::data::ExclusionsError;
use crate::nn::{ModelFileError, NnError};
use crate::spec::Problem;
use crate::text::{shown_bytes, shown_path};
use std::path::PathBuf;

/// Why training or evaluation failed.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The spec does not hold together.
    #[error(transparent)]
    Spec(#[from] Problem),
    /// The network's input has another shape than the data's images.
    #[error(
        "the network takes images of {network} (channels×height×width), the data set {dataset} has \
         {data}; change \"input\" in the spec or choose other data"
    )]
    ImageSize {
        /// Shape of the network's input.
        network: String,
        /// Name of the data set.
        dataset: String,
        /// Shape of the data's images.
        data: String,
    },
    /// The network has another number of scores than the data has classes.
    #[error(
        "the network gives {network} scores, the data set {dataset} has {data} classes; give the last \
         Dense layer {data} units or choose other data"
    )]
    Classes {
        /// Scores of the network.
        network: usize,
        /// Name of the data set.
        dataset: String,
        /// Classes of the data set.
        data: usize,
    },
    /// There is nothing to learn.
    #[error(
        "the data set {dataset} has one class only; a network tells classes apart, so give it data with two or \
         more"
    )]
    OneClass {
        /// Name of the data set.
        dataset: String,
    },
    /// A label for which the network has no score.
    #[error("an image has the label {label}, but the network knows only the classes 0 to {last}")]
    Label {
        /// The label.
        label: u8,
        /// The last class the network knows.
        last: usize,
    },
    /// Not enough images to train on.
    #[error("{images} training images are too few for {purpose}")]
    TooFewImages {
        /// How many there are.
        images: usize,
        /// What they are too few for.
        purpose: String,
    },
    /// The machine has not enough memory for the network and its batches.
    #[error(
        "about {} of memory would be needed and {} are free; layer {layer} ({kind}) takes {}: {remedy}",
        shown_bytes(*.need), shown_bytes(*.available), shown_bytes(*.of_layer)
    )]
    Memory {
        /// Bytes needed, estimated.
        need: u64,
        /// Bytes available.
        available: u64,
        /// The layer that needs most, counted from 1.
        layer: usize,
        /// That layer's description.
        kind: String,
        /// Bytes it needs.
        of_layer: u64,
        /// What to do.
        remedy: String,
    },
    /// The list of training images to leave out cannot be used.
    #[error(transparent)]
    Exclusions(#[from] ExclusionsError),
    /// The loss is NaN or infinite.
    #[error("{0}")]
    Diverged(String),
    /// The arithmetic failed.
    #[error(transparent)]
    Nn(#[from] NnError),
    /// A model file could not be written.
    #[error(transparent)]
    ModelFile(#[from] ModelFileError),
    /// The folder for the results is not empty.
    #[error(
        "{path}: the folder is not empty and a run is never overwritten; choose another one, or go on \
         with the run in it: --resume {path}",
        path = shown_path(.path)
    )]
    FolderInUse {
        /// The folder.
        path: PathBuf,
    },
    /// Another process is training in the folder.
    #[error(
        "{path}: {owner} is training this run; wait for it or stop it first",
        path = shown_path(.path)
    )]
    FolderLocked {
        /// The folder.
        path: PathBuf,
        /// Which process.
        owner: String,
    },
    /// There is no run in the folder that could go on.
    #[error(
        "{path}: there is nothing to go on from: {reason}; start a new run instead",
        path = shown_path(.path)
    )]
    NothingToResume {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The spec in the folder is not the one the run was started with.
    #[error(
        "{path}: the spec was changed after the run began, and a run goes on only as it was; put the \
         spec back, or start a new run with it",
        path = shown_path(.path)
    )]
    SpecChanged {
        /// The spec's file.
        path: PathBuf,
    },
    /// A setting that cannot change while the run is under way.
    #[error("cannot set {set}: {reason}")]
    NotSteerable {
        /// The settings.
        set: String,
        /// Why not, and what to do instead.
        reason: String,
    },
    /// A model whose tensors are none of the network's.
    #[error(
        "{model}: no tensor has the name and the shape of one of the network's: it holds {found}; the \
         network begins with {own}"
    )]
    NoWeights {
        /// The model's file.
        model: String,
        /// The network's first tensors.
        own: String,
        /// The model's first tensors.
        found: String,
    },
    /// The data is not what the run was started with.
    #[error(
        "the run was trained on {expected}, but the data now is {found}; name the folder of the \
         run's data with --data"
    )]
    DataChanged {
        /// The run's data.
        expected: String,
        /// The data that was found.
        found: String,
    },
    /// A file or folder could not be made or written.
    #[error("{path}: {doing}: {source}", path = shown_path(.path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, e.g. "cannot create the run folder".
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The threads could not be started.
    #[error("cannot start the threads: {0}")]
    Threads(String),
}
