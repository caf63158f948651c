//! What a run begins with, beside its spec.

use super::RunPlace;
use crate::train::Steered;
use std::path::PathBuf;

/// What a new run begins with.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Beginning {
    /// Its spec alone.
    #[default]
    Fresh,
    /// The changes of another run, each made again before its step.
    Replay(Vec<Steered>),
    /// The weights of a model file, where names and shapes are the same.
    Weights(PathBuf),
    /// All that the run of another folder was after some complete epochs, or at its last checkpoint: spec,
    /// tensors, optimiser, metrics. The spec given with it is not used.
    Fork {
        /// The other run's folder.
        run: PathBuf,
        /// The complete epochs.
        epochs: Option<usize>,
    },
}

/// How a run on disk goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoingOn {
    /// The run's folder.
    pub folder: PathBuf,
    /// In a new folder from the checkpoint after this epoch, not in its own from the last one.
    pub fork_after: Option<usize>,
    /// Epochs to train beyond those it was to have.
    pub more_epochs: usize,
}

impl GoingOn {
    /// In its folder, to the end that it was to have.
    pub fn to_its_end(folder: PathBuf) -> Self {
        Self {
            folder,
            fork_after: None,
            more_epochs: 0,
        }
    }

    /// Where the run is, and with what it begins.
    pub fn place(self, parent: PathBuf) -> (RunPlace, Beginning) {
        match self.fork_after {
            None => (RunPlace::Resume(self.folder), Beginning::Fresh),
            Some(epoch) => {
                let beginning = Beginning::Fork {
                    run: self.folder,
                    epochs: Some(epoch),
                };
                (RunPlace::Under(parent), beginning)
            }
        }
    }
}
