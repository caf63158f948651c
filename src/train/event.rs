//! What a training run reports.

use super::{EpochLayers, EpochMetrics, Evaluation, Origin, Steered};
use crate::data::Split;
use crate::nn::Snapshot;
use crate::nn::profile::Profile;
use crate::spec::Precision;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// One thing that happened, in the order it happened. Plain data: nothing in it changes later.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Everything is checked and built; the first batch comes next.
    Started(RunStart),
    /// One optimiser step is done.
    Batch(BatchReport),
    /// Where the time of the latest steps went, while
    /// [`Command::RecordProfile`](super::Command::RecordProfile) asks for it.
    Profile(Arc<Profile>),
    /// Settings changed; the next step is the first that they concern.
    Steered(Steered),
    /// Settings that were to change cannot; the sentence says why. The run goes on as it was.
    NotSteered(String),
    /// An epoch is trained and evaluated.
    Epoch {
        /// Its metrics.
        metrics: EpochMetrics,
        /// Its validation accuracy is better than every earlier epoch's.
        is_best: bool,
    },
    /// What is inside the layers after the epoch just reported; not after every one.
    Layers(Arc<EpochLayers>),
    /// The evaluation of the epoch just reported, with its model.
    Validated(Arc<Validated>),
    /// The run cannot be saved at the moment; it goes on and tries again after every epoch. The
    /// sentence names the file and the reason.
    NotSaving(String),
    /// The whole run so far is on disk again, after [`Event::NotSaving`] or a removed folder.
    SavingAgain {
        /// The run folder.
        folder: PathBuf,
        /// What happened, in a sentence.
        message: String,
    },
    /// The loss is NaN or infinite; the run is over.
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
    /// The images that were evaluated.
    pub images: Arc<Split>,
}

impl Validated {
    /// The epoch after which the model was like this, if it was saved with its metrics.
    pub fn epoch(&self) -> Option<usize> {
        self.snapshot.info.epoch()
    }
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
    /// Training images that the spec's list leaves out.
    pub excluded: usize,
    /// Trainable parameters.
    pub parameters: u64,
    /// Threads the arithmetic may use.
    pub threads: usize,
    /// The precision that is really used.
    pub precision: Precision,
    /// Why that is not the spec's, if it is not; and anything else to be said before the start.
    pub notice: Option<String>,
    /// The run folder, where there is one.
    pub folder: Option<PathBuf>,
    /// How far the run was, if it is resumed.
    pub resumed: Option<Resumed>,
    /// Whether the test images have been looked at before, so that they are no images any more that
    /// decided nothing.
    pub test_seen: bool,
    /// What it began with, if that is not a spec alone.
    pub origin: Option<Origin>,
    /// What changed under way so far.
    pub steering: Vec<Steered>,
}

/// How far a run was when it was interrupted.
#[derive(Clone, Debug, PartialEq)]
pub struct Resumed {
    /// Its complete epochs.
    pub epochs: Vec<EpochMetrics>,
    /// Batches trained of the epoch after them.
    pub batch: usize,
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
    /// Where, why and what to try, in one sentence.
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
    /// The run ended before its last epoch because its patience was used up.
    pub out_of_patience: bool,
    /// The scores of the test images at the end, where others validated.
    pub test: Option<Box<TestScores>>,
    /// Seconds of the run in this process, evaluation included, pauses not.
    pub seconds: f64,
    /// The run folder, where there is one.
    pub folder: Option<PathBuf>,
    /// Why the end of the run is not saved, if it is not.
    pub unsaved: Option<String>,
}

/// How well a model does on some images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Share of the images predicted correctly.
    pub accuracy: f64,
}

/// The scores of the test images, evaluated once after everything was decided without them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestScores {
    /// How many images these are.
    pub images: usize,
    /// The model of the best epoch by the images held out.
    pub best: Scores,
    /// The model of the last epoch.
    pub last: Scores,
}
