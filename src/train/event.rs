//! What a training run tells the outside.

use super::{EpochMetrics, Evaluation};
use crate::nn::Snapshot;
use crate::spec::Precision;
use std::path::PathBuf;
use std::sync::Arc;

/// One thing that happened, in the order it happened. Plain data: nothing in it changes later.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Everything is checked and built; the first batch comes next.
    Started(RunStart),
    /// One optimiser step is done.
    Batch(BatchReport),
    /// An epoch is trained and evaluated.
    Epoch {
        /// Its metrics.
        metrics: EpochMetrics,
        /// Its validation accuracy is better than every earlier epoch's.
        is_best: bool,
    },
    /// What the epoch just reported gave on the validation images, with the model that gave it.
    Validated(Arc<Validated>),
    /// A file of the run folder is written.
    Saved(PathBuf),
    /// A file could not be written; the run goes on. Names the file and the reason.
    SaveFailed(String),
    /// The loss is no longer a number; the run is over.
    Diverged(Divergence),
    /// The run is over because of an error.
    Failed(String),
    /// The run waits for [`Command::Resume`](super::Command::Resume).
    Paused,
    /// The run goes on after a pause.
    Resumed,
    /// The run is over.
    Done(RunSummary),
}

/// An epoch's evaluation and the model it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Validated {
    /// Predictions, confusion matrix, probabilities.
    pub evaluation: Evaluation,
    /// The model, with the epoch's metrics.
    pub snapshot: Snapshot,
}

/// What is known before the first batch.
#[derive(Clone, Debug, PartialEq)]
pub struct RunStart {
    /// Epochs the run is to last.
    pub epochs: usize,
    /// Optimiser steps in each.
    pub batches_per_epoch: usize,
    /// Training images each epoch goes through.
    pub train_images: usize,
    /// Images evaluated after each epoch.
    pub validation_images: usize,
    /// Trainable parameters.
    pub parameters: u64,
    /// Threads the arithmetic may use.
    pub threads: usize,
    /// The precision that is really used.
    pub precision: Precision,
    /// What must be said of it, where it is not the one the spec asks for.
    pub notice: Option<String>,
    /// The run folder, where there is one.
    pub folder: Option<PathBuf>,
}

/// One optimiser step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchReport {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The batch in its epoch, from 1.
    pub batch: usize,
    /// Batches in an epoch.
    pub batches: usize,
    /// Mean loss of the batch before the step, in nats.
    pub loss: f32,
    /// Share of the batch that was classified correctly before the step.
    pub accuracy: f64,
    /// Learning rate of the step.
    pub learning_rate: f64,
    /// Images trained on since the run began.
    pub images: u64,
    /// Seconds of training since the run began, without evaluation and pauses.
    pub seconds: f64,
}

/// Where and why a run diverged.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The batch in its epoch, from 1; 0 where the evaluation after the epoch found it.
    pub batch: usize,
    /// The loss: NaN or infinite.
    pub loss: f64,
    /// The whole story in one sentence, with what to try.
    pub message: String,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// The first epoch with the highest validation accuracy; none if no epoch was finished.
    pub best: Option<EpochMetrics>,
    /// The last finished epoch.
    pub last: Option<EpochMetrics>,
    /// The run ended by command before its last epoch.
    pub stopped_early: bool,
    /// Seconds of the whole run, evaluation included, pauses not.
    pub seconds: f64,
    /// The run folder, where there is one.
    pub folder: Option<PathBuf>,
}
