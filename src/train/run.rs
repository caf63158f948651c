//! The epoch loop.

use super::control::Control;
use super::event::{BatchReport, Divergence, Event, RunStart, RunSummary, Validated};
use super::precision::{engine, used_precision};
use super::{Command, EpochMetrics, RunFolder, RunPlace, TrainError, check_fits, evaluate};
use crate::data::{self, Dataset};
use crate::nn::bf16::Unit;
use crate::nn::{self, Model, ModelInfo, Optimizer, Snapshot};
use crate::spec::{Precision, Spec};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

/// What a run needs to know beside its spec and its data.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Where to leave the results; nothing is written without it.
    pub place: Option<RunPlace>,
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
/// # Errors
/// A spec that does not hold together or does not fit the data, and a run folder that cannot be
/// made, all before anything else is created; a diverged loss; a failure of the arithmetic. A file
/// that cannot be written later is [`Event::SaveFailed`] and does not end the run.
pub fn run(
    spec: &Spec,
    dataset: &Dataset,
    options: &RunOptions,
    commands: &Receiver<Command>,
    sink: &mut dyn FnMut(Event),
) -> Result<RunSummary, TrainError> {
    let parameters = check_fits(spec, dataset)?.parameters();
    let batches = batches_per_epoch(dataset.train.len(), spec.batch_size);
    if batches == 0 {
        return Err(TrainError::TooFewImages {
            images: dataset.train.len(),
            purpose: "a batch".into(),
        });
    }
    let unit = Unit::detect();
    let (precision, notice) = used_precision(spec.precision, unit);
    let model = Model::with_engine(spec, engine(precision, unit))?;
    // What is saved is what counts: its accuracy is taken in f32, as whoever loads it will find it.
    let evaluated = match precision {
        Precision::F32 => None,
        Precision::Bf16 => Some(Model::new(spec)?),
    };
    let place = options.place.as_ref();
    let folder = place
        .map(|place| RunFolder::create(place, spec))
        .transpose()?;
    let path = folder.as_ref().map(|folder| folder.path().to_owned());
    sink(Event::Started(RunStart {
        epochs: spec.epochs,
        batches_per_epoch: batches,
        train_images: dataset.train.len(),
        validation_images: dataset.validation.len(),
        parameters,
        threads: rayon::current_num_threads(),
        precision,
        notice: notice.map(str::to_owned),
        folder: path.clone(),
    }));
    let mut trainer = Trainer {
        spec,
        dataset,
        model,
        evaluated,
        optimizer: Optimizer::new(spec.optimizer),
        folder,
        batches,
        images: 0,
        seconds: 0.0,
    };
    trainer.run(commands, sink, path)
}

/// Optimiser steps that `images` images make.
fn batches_per_epoch(images: usize, batch_size: usize) -> usize {
    let single_left = batch_size > 1 && images % batch_size == 1;
    images.div_ceil(batch_size) - usize::from(single_left)
}

/// The learning rate of optimiser step `step` (from 0): the schedule's at the middle of the step.
pub(super) fn learning_rate(spec: &Spec, step: u64, steps_per_epoch: usize) -> f64 {
    let time = (step as f64 + 0.5) / steps_per_epoch as f64;
    spec.learning_rate
        * spec
            .schedule
            .factor(time, spec.epochs as f64, spec.warmup_epochs)
}

/// A run under way.
struct Trainer<'a> {
    spec: &'a Spec,
    dataset: &'a Dataset,
    model: Model,
    /// A copy of the model that computes in f32, where the model does not.
    evaluated: Option<Model>,
    optimizer: Optimizer,
    folder: Option<RunFolder>,
    batches: usize,
    /// Images trained on so far.
    images: u64,
    /// Seconds of training so far.
    seconds: f64,
}

impl Trainer<'_> {
    fn run(
        &mut self,
        commands: &Receiver<Command>,
        sink: &mut dyn FnMut(Event),
        folder: Option<PathBuf>,
    ) -> Result<RunSummary, TrainError> {
        let started = Instant::now();
        let mut control = Control::new(commands);
        let (mut best, mut last): (Option<EpochMetrics>, Option<EpochMetrics>) = (None, None);
        for epoch in 1..=self.spec.epochs {
            let Some(trained) = self.train_epoch(epoch, &mut control, sink)? else {
                break;
            };
            let (dataset, normalization) = (self.dataset, self.dataset.normalization);
            let model = match &mut self.evaluated {
                Some(copy) => {
                    copy.take_over(&self.model)?;
                    &*copy
                }
                None => &self.model,
            };
            let evaluation = evaluate(model, &dataset.validation, normalization)?;
            let metrics = EpochMetrics {
                validation_loss: evaluation.loss,
                validation_accuracy: evaluation.accuracy,
                ..trained
            };
            if !evaluation.loss.is_finite() {
                return Err(diverged(
                    epoch,
                    0,
                    evaluation.loss,
                    metrics.learning_rate,
                    sink,
                ));
            }
            let is_best =
                best.is_none_or(|best| metrics.validation_accuracy > best.validation_accuracy);
            if is_best {
                best = Some(metrics);
            }
            last = Some(metrics);
            tracing::info!(epoch, accuracy = metrics.validation_accuracy, "epoch done");
            let snapshot = self.snapshot(&metrics);
            self.save(&metrics, &snapshot, is_best, sink);
            sink(Event::Epoch { metrics, is_best });
            sink(Event::Validated(Arc::new(Validated {
                evaluation,
                snapshot,
            })));
            if control.finish_epoch {
                break;
            }
        }
        let summary = RunSummary {
            best,
            last,
            stopped_early: last.is_none_or(|last| last.epoch < self.spec.epochs),
            seconds: started
                .elapsed()
                .saturating_sub(control.paused)
                .as_secs_f64(),
            folder,
        };
        sink(Event::Done(summary.clone()));
        Ok(summary)
    }

    /// Goes once through the training images. The metrics of the validation split are left 0.
    /// Nothing is returned when a command stopped the run on the way.
    fn train_epoch(
        &mut self,
        epoch: usize,
        control: &mut Control<'_>,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Option<EpochMetrics>, TrainError> {
        let train = &self.dataset.train;
        let order = data::shuffled_order(train.len(), self.spec.seed, epoch);
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        let (mut loss, mut correct, mut images) = (0.0, 0, 0);
        let (mut rate, mut seconds) = (0.0, 0.0);
        for (batch, indices) in order
            .chunks(self.spec.batch_size)
            .take(self.batches)
            .enumerate()
        {
            if control.must_stop(sink) {
                return Ok(None);
            }
            let begun = Instant::now();
            let step = ((epoch - 1) * self.batches + batch) as u64;
            rate = learning_rate(self.spec, step, self.batches);
            data::fill(
                train,
                indices,
                self.dataset.normalization,
                &mut pixels,
                &mut labels,
            );
            let optimizer = &mut self.optimizer;
            let outcome = self
                .model
                .train_step(&pixels, &labels, optimizer, rate, step)?;
            let taken = begun.elapsed().as_secs_f64();
            if !outcome.loss.is_finite() {
                let loss = f64::from(outcome.loss);
                return Err(diverged(epoch, batch + 1, loss, rate, sink));
            }
            loss += f64::from(outcome.loss) * indices.len() as f64;
            correct += outcome.correct;
            images += indices.len();
            seconds += taken;
            self.images += indices.len() as u64;
            self.seconds += taken;
            sink(Event::Batch(BatchReport {
                epoch,
                batch: batch + 1,
                batches: self.batches,
                loss: outcome.loss,
                accuracy: outcome.correct as f64 / indices.len() as f64,
                learning_rate: rate,
                images: self.images,
                seconds: self.seconds,
            }));
        }
        Ok(Some(EpochMetrics {
            epoch,
            train_loss: loss / images as f64,
            train_accuracy: correct as f64 / images as f64,
            validation_loss: 0.0,
            validation_accuracy: 0.0,
            learning_rate: rate,
            seconds,
            // A clock too coarse for a tiny epoch must not give infinity, which JSON cannot hold.
            images_per_second: images as f64 / seconds.max(1e-9),
        }))
    }

    /// The model as it is now.
    fn snapshot(&self, metrics: &EpochMetrics) -> Snapshot {
        self.model.snapshot(ModelInfo {
            spec: self.spec.clone(),
            dataset: self.dataset.name.clone(),
            class_names: self.dataset.class_names.clone(),
            normalization: self.dataset.normalization,
            metrics: serde_json::to_value(metrics).unwrap_or_default(),
        })
    }

    /// Writes the epoch into the run folder.
    fn save(
        &mut self,
        metrics: &EpochMetrics,
        snapshot: &Snapshot,
        is_best: bool,
        sink: &mut dyn FnMut(Event),
    ) {
        let Some(folder) = &mut self.folder else {
            return;
        };
        if let Err(error) = folder.append(metrics) {
            sink(Event::SaveFailed(error.to_string()));
        }
        let best = is_best.then(|| folder.best());
        for path in std::iter::once(folder.model()).chain(best) {
            match nn::save_model(&path, snapshot) {
                Ok(()) => sink(Event::Saved(path)),
                Err(error) => {
                    tracing::error!(%error, "a model file could not be written");
                    sink(Event::SaveFailed(error.to_string()));
                }
            }
        }
    }
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

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
