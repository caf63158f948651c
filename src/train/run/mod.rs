//! The epoch loop.

mod keeper;
mod prepare;
mod resume;
#[cfg(test)]
mod tests;
mod trainer;

use super::checkpoint::Progress;
use super::event::{Divergence, Event, Resumed, RunStart, RunSummary};
use super::learner::Learner;
use super::{Command, DataIdentity, EpochMetrics, TrainError};
use crate::data::Dataset;
use crate::runs::RunPlace;
use crate::runs::folder::RunFolder;
use crate::spec::Spec;
use keeper::Keeper;
use prepare::limited;
pub(super) use prepare::{Prepared, prepare};
use std::borrow::Cow;
use std::path::Path;
use std::sync::mpsc::Receiver;
use trainer::Trainer;

/// What a run needs to know beside its spec and its data.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Where to leave the results; nothing is written without it.
    pub place: Option<RunPlace>,
    /// Whether to train even where the run folder cannot be made: the run says so, and tries again
    /// after every epoch.
    pub start_unsaved: bool,
    /// Threads for the arithmetic; by default as many as can run at once.
    /// [`Worker`](super::Worker) sees to it, [`run`] takes the pool it is called in.
    pub threads: Option<usize>,
}

/// Trains a network as `spec` says on `dataset`, in this thread and on the current thread pool.
///
/// Everything that happens goes to `sink`, ending with [`Event::Done`], or [`Event::Diverged`] when
/// the loss is no longer a number; other errors are only returned. Commands are obeyed between
/// batches; a run whose commands' sender is gone stops. The last batch of an epoch may be smaller;
/// a single image left over is skipped when batches are larger, as batch norm cannot use it. A CPU
/// that has nothing for bf16 trains in f32, and [`RunStart`] says so; files keep the spec as it is.
///
/// The run folder holds a checkpoint of the run after every epoch, and whenever it is paused or
/// stopped. Where the spec holds images out of the training split, these validate, and the data's own
/// validation images are evaluated once, when the run is complete. A run that goes on from one ([`RunPlace::Resume`]) gives what it would have given without
/// the interruption, bit for bit; as many training images are used as at its start.
///
/// # Errors
/// A spec that does not hold together or does not fit the data, a run folder that cannot be made, and
/// nothing usable to go on from, all before anything else is created; a diverged loss; a failure of
/// the arithmetic. Files that cannot be written later are [`Event::NotSaving`] and do not end the run.
pub fn run(
    spec: &Spec,
    dataset: &Dataset,
    options: &RunOptions,
    commands: &Receiver<Command>,
    sink: &mut dyn FnMut(Event),
) -> Result<RunSummary, TrainError> {
    let resumed = match &options.place {
        Some(RunPlace::Resume(path)) => Some(RunFolder::reopen(path)?),
        _ => None,
    };
    let held_out = spec.validation.hold_out;
    let whole = match &resumed {
        Some((_, found)) => {
            let trained_on = found.checkpoint.progress.data.train_images;
            limited(dataset, trained_on.saturating_add(held_out))
        }
        None => Cow::Borrowed(dataset),
    };
    let Prepared {
        dataset,
        batches,
        parameters,
    } = prepare(spec, &whole)?;
    let learner = Learner::new(spec)?;
    let mut notices: Vec<String> = learner.notice.map(str::to_owned).into_iter().collect();
    let mut trainer = Trainer {
        spec,
        dataset: &dataset,
        test: (held_out > 0).then_some(&*whole.validation),
        learner,
        keeper: Keeper::nowhere(),
        batches,
        progress: Progress::start(DataIdentity::of(&dataset)),
        best: None,
    };
    let was_resumed = resumed.is_some();
    let mut unsaved = None;
    match (resumed, &options.place) {
        (Some((folder, found)), _) => {
            notices.extend(found.notice);
            trainer.go_on_from(found.checkpoint, folder)?;
        }
        (None, Some(place)) => match RunFolder::create(place, &trainer.checkpoint()?) {
            Ok(folder) => trainer.keeper = Keeper::open(folder),
            Err(error) if options.start_unsaved => {
                trainer.keeper = Keeper::waiting(place.clone());
                unsaved = Some(error);
            }
            Err(error) => return Err(error),
        },
        (None, None) => {}
    }
    let start = start_of(&trainer, parameters, was_resumed, &notices);
    sink(Event::Started(start));
    if let Some(error) = unsaved {
        trainer.keeper.report(&error, sink);
    }
    if was_resumed {
        trainer.repair_folder(sink)?;
    }
    trainer.run(commands, sink)
}

/// What there is to know before the first step.
fn start_of(
    trainer: &Trainer<'_>,
    parameters: u64,
    was_resumed: bool,
    notices: &[String],
) -> RunStart {
    RunStart {
        epochs: trainer.spec.epochs,
        batches_per_epoch: trainer.batches,
        train_images: trainer.dataset.train.len(),
        validation_images: trainer.dataset.validation.len(),
        parameters,
        threads: rayon::current_num_threads(),
        precision: trainer.learner.precision,
        notice: (!notices.is_empty()).then(|| notices.join("; ")),
        folder: trainer.keeper.path().map(Path::to_owned),
        resumed: was_resumed.then(|| Resumed {
            epochs: trainer.progress.epochs.clone(),
            batch: trainer.progress.current.batches,
        }),
    }
}

/// Optimiser steps that `images` images make.
pub(super) fn batches_per_epoch(images: usize, batch_size: usize) -> usize {
    let single_left = batch_size > 1 && images % batch_size == 1;
    images.div_ceil(batch_size) - usize::from(single_left)
}

/// The learning rate of optimiser step `step` (from 0): the schedule's at the middle of the step.
/// `epochs` are the complete ones.
pub(super) fn learning_rate(
    spec: &Spec,
    step: u64,
    steps_per_epoch: usize,
    epochs: &[EpochMetrics],
) -> f64 {
    let time = (step as f64 + 0.5) / steps_per_epoch as f64;
    let losses = epochs.iter().map(|epoch| epoch.validation_loss);
    let (epochs, warmup) = (spec.epochs as f64, spec.warmup_epochs);
    spec.learning_rate * spec.schedule.factor(time, epochs, warmup, losses)
}

/// Reports a loss that is no longer a number; `batch` is 0 for the evaluation after the epoch.
fn diverged(
    epoch: usize,
    batch: usize,
    loss: f64,
    learning_rate: f64,
    sink: &mut dyn FnMut(Event),
) -> TrainError {
    let place = match batch {
        0 => format!("in the evaluation after epoch {epoch}"),
        _ => format!("in epoch {epoch}, batch {batch}"),
    };
    let message = format!(
        "training diverged: the loss is {loss} {place} (learning rate {learning_rate:.3e}); lower the \
         learning rate, add a warm-up or put BatchNorm layers before the activations"
    );
    sink(Event::Diverged(Divergence {
        epoch,
        batch,
        loss,
        message: message.clone(),
    }));
    TrainError::Diverged(message)
}
