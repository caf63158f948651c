//! A run under way: epoch after epoch, batch after batch.

use super::keeper::Keeper;
use super::{diverged, learning_rate};
use crate::data::{self, Dataset, Split};
use crate::nn::{Model, ModelInfo, NnError, Snapshot};
use crate::runs::folder::Files;
use crate::spec::Spec;
use crate::train::checkpoint::{Checkpoint, EpochSums, Progress};
use crate::train::control::{Control, Order};
use crate::train::learner::Learner;
use crate::train::{
    BatchReport, Command, EpochMetrics, Event, RunSummary, Scores, TestScores, TrainError,
    Validated, best_epoch, evaluate, is_complete,
};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

/// Everything a run needs while it goes.
pub struct Trainer<'a> {
    pub spec: &'a Spec,
    pub dataset: &'a Dataset,
    /// The images that are looked at once, at the end, where others validate.
    pub test: Option<&'a Split>,
    pub learner: Learner,
    pub keeper: Keeper,
    /// Optimiser steps in an epoch.
    pub batches: usize,
    pub progress: Progress,
    /// The model after the best epoch.
    pub best: Option<Arc<Validated>>,
}

impl Trainer<'_> {
    /// Trains to the end, or until a command ends it.
    pub fn run(
        &mut self,
        commands: &Receiver<Command>,
        sink: &mut dyn FnMut(Event),
    ) -> Result<RunSummary, TrainError> {
        let started = Instant::now();
        let mut control = Control::new(commands);
        while !is_complete(self.spec, &self.progress.epochs) {
            let Some(trained) = self.train_epoch(&mut control, sink)? else {
                break;
            };
            self.finish_epoch(trained, sink)?;
            if control.finish_epoch {
                break;
            }
        }
        let complete = is_complete(self.spec, &self.progress.epochs);
        let test = match complete {
            true => self.conclude(sink)?,
            false => None,
        };
        if self.keeper.failure().is_some() {
            // Room may have been made since the last epoch.
            self.save(None, sink)?;
        }
        let epochs = &self.progress.epochs;
        let summary = RunSummary {
            best: best_epoch(epochs).copied(),
            last: epochs.last().copied(),
            stopped_early: !complete,
            out_of_patience: complete && epochs.len() < self.spec.epochs,
            test: test.map(Box::new),
            seconds: started
                .elapsed()
                .saturating_sub(control.paused)
                .as_secs_f64(),
            folder: self.keeper.path().map(std::path::Path::to_owned),
            unsaved: self.keeper.failure().map(str::to_owned),
        };
        sink(Event::Done(summary.clone()));
        Ok(summary)
    }

    /// Goes once through the training images, or through those left of an epoch that was begun. The
    /// metrics of the validation split are left 0. Nothing is returned when a command stopped the run
    /// on the way.
    fn train_epoch(
        &mut self,
        control: &mut Control<'_>,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Option<EpochMetrics>, TrainError> {
        let epoch = self.progress.epochs.len() + 1;
        let train = &self.dataset.train;
        let order = data::shuffled_order(train.len(), self.spec.seed, epoch);
        let done = self.progress.current.batches;
        for (batch, indices) in order
            .chunks(self.spec.batch_size)
            .take(self.batches)
            .enumerate()
            .skip(done)
        {
            if !self.obey(control, sink)? {
                return Ok(None);
            }
            let begun = Instant::now();
            let step = self.progress.step(self.batches);
            let rate = learning_rate(self.spec, step, self.batches, &self.progress.epochs);
            let (spec, dataset) = (self.spec, self.dataset);
            let outcome = self
                .learner
                .step(spec, dataset, indices, rate, (epoch, step))?;
            let taken = begun.elapsed().as_secs_f64();
            if !outcome.loss.is_finite() {
                let loss = f64::from(outcome.loss);
                return Err(diverged(epoch, batch + 1, loss, rate, sink));
            }
            let sums = &mut self.progress.current;
            sums.batches += 1;
            sums.images += indices.len();
            sums.loss += f64::from(outcome.loss) * indices.len() as f64;
            sums.correct += outcome.correct;
            sums.seconds += taken;
            sums.learning_rate = rate;
            self.progress.images += indices.len() as u64;
            self.progress.seconds += taken;
            sink(Event::Batch(BatchReport {
                epoch,
                batch: batch + 1,
                batches: self.batches,
                loss: outcome.loss,
                accuracy: outcome.correct as f64 / indices.len() as f64,
                learning_rate: rate,
                images: self.progress.images,
                seconds: self.progress.seconds,
            }));
        }
        let sums = std::mem::take(&mut self.progress.current);
        Ok(Some(metrics(epoch, &sums)))
    }

    /// Does what commands ask before the next batch; `false` ends the run. What is stopped or paused
    /// is saved first: nobody knows whether it will go on in this process.
    fn obey(
        &mut self,
        control: &mut Control<'_>,
        sink: &mut dyn FnMut(Event),
    ) -> Result<bool, TrainError> {
        if self.keeper.is_due() {
            self.save(None, sink)?;
        }
        match control.next_order() {
            Order::GoOn => Ok(true),
            Order::Stop => {
                self.save(None, sink)?;
                Ok(false)
            }
            Order::Pause => {
                self.save(None, sink)?;
                Ok(control.sit_out_pause(sink))
            }
        }
    }

    /// Evaluates the model after an epoch, saves the run and tells about both.
    fn finish_epoch(
        &mut self,
        trained: EpochMetrics,
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TrainError> {
        let epoch = trained.epoch;
        let (dataset, normalization) = (self.dataset, self.dataset.normalization);
        let model = self.learner.validated()?;
        let evaluation = evaluate(model, &dataset.validation, normalization)?;
        if !evaluation.loss.is_finite() {
            let rate = trained.learning_rate;
            return Err(diverged(epoch, 0, evaluation.loss, rate, sink));
        }
        let metrics = EpochMetrics {
            validation_loss: evaluation.loss,
            validation_accuracy: evaluation.accuracy,
            ..trained
        };
        let accuracy = metrics.validation_accuracy;
        tracing::info!(epoch, accuracy, "epoch done");
        self.progress.epochs.push(metrics);
        let is_best = best_epoch(&self.progress.epochs).is_some_and(|best| best.epoch == epoch);
        let validated = Arc::new(Validated {
            evaluation,
            snapshot: model.snapshot(info(self.spec, dataset, &metrics)),
            images: Arc::clone(&dataset.validation),
        });
        if is_best {
            self.best = Some(Arc::clone(&validated));
        }
        self.save(Some(&validated.snapshot), sink)?;
        sink(Event::Epoch { metrics, is_best });
        sink(Event::Validated(validated));
        Ok(())
    }

    /// Does what is left when the last epoch is over: the test images are looked at, and the best
    /// model takes the last one's place, each where that is asked for.
    fn conclude(&mut self, sink: &mut dyn FnMut(Event)) -> Result<Option<TestScores>, TrainError> {
        let Some(best) = self.best.clone() else {
            return Ok(None);
        };
        let test = match self.test {
            Some(images) => {
                let normalization = self.dataset.normalization;
                let score = |model: &Model| -> Result<Scores, TrainError> {
                    let evaluation = evaluate(model, images, normalization)?;
                    Ok(Scores {
                        loss: evaluation.loss,
                        accuracy: evaluation.accuracy,
                    })
                };
                let model = best.snapshot.restore().map_err(NnError::Layers)?;
                Some(TestScores {
                    images: images.len(),
                    best: score(&model)?,
                    last: score(self.learner.validated()?)?,
                })
            }
            None => None,
        };
        let restored = self.spec.early_stopping.restore_best && !self.progress.is_at_best();
        if self.keeper.is_wanted() && (restored || test.is_some()) {
            let checkpoint = self.checkpoint()?;
            let files = Files {
                checkpoint: &checkpoint,
                model: restored.then_some(&best.snapshot),
                best: Some(&best.snapshot),
                test: test.as_ref(),
            };
            self.keeper.save(files, sink);
        }
        if restored {
            sink(Event::Validated(best));
        }
        Ok(test)
    }

    /// Saves the run as it is between two steps; `model` is given where an epoch has just ended.
    pub fn save(
        &mut self,
        model: Option<&Snapshot>,
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TrainError> {
        if !self.keeper.is_wanted() {
            return Ok(());
        }
        let checkpoint = self.checkpoint()?;
        let best = self.best.clone();
        let files = Files {
            checkpoint: &checkpoint,
            model,
            best: best.as_ref().map(|best| &best.snapshot),
            test: None,
        };
        self.keeper.save(files, sink);
        Ok(())
    }

    /// The run as it is between two steps.
    pub fn checkpoint(&mut self) -> Result<Checkpoint, TrainError> {
        let progress = self.progress.clone();
        if progress.is_start() {
            return Ok(Checkpoint::start(self.spec.clone(), progress.data));
        }
        let best = match &self.best {
            Some(best) if !progress.is_at_best() => best.snapshot.state.clone(),
            _ => Vec::new(),
        };
        Ok(Checkpoint {
            spec: self.spec.clone(),
            progress,
            model: self.learner.model.network().state(),
            average: match &self.learner.average {
                Some(average) => average.state().to_vec(),
                None => Vec::new(),
            },
            optimizer: self.learner.optimizer.state(self.learner.model.network()),
            best,
        })
    }
}

/// Everything of a model file but the tensors.
pub fn info(spec: &Spec, dataset: &Dataset, metrics: &EpochMetrics) -> ModelInfo {
    ModelInfo {
        spec: spec.clone(),
        dataset: dataset.name.clone(),
        class_names: dataset.class_names.clone(),
        normalization: dataset.normalization,
        metrics: serde_json::to_value(metrics).unwrap_or_default(),
    }
}

/// The metrics of an epoch as far as training gives them.
fn metrics(epoch: usize, sums: &EpochSums) -> EpochMetrics {
    let images = sums.images.max(1) as f64;
    EpochMetrics {
        epoch,
        train_loss: sums.loss / images,
        train_accuracy: sums.correct as f64 / images,
        validation_loss: 0.0,
        validation_accuracy: 0.0,
        learning_rate: sums.learning_rate,
        seconds: sums.seconds,
        // A clock too coarse for a tiny epoch must not give infinity, which JSON cannot hold.
        images_per_second: sums.images as f64 / sums.seconds.max(1e-9),
    }
}
