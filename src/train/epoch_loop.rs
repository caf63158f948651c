//! The epoch loop: epoch after epoch, batch after batch.

use super::checkpoint::{Checkpoint, EpochSums, Progress};
use super::control::{Control, Order};
use super::divergence::diverged;
use super::live_layers::{LiveLayers, is_due};
use super::precision::PrecisionChoice;
use super::prepared::Batch;
use super::save::{RunFiles, SaveRun};
use super::steps::learning_rate;
use super::train_state::TrainState;
use super::training_data::TrainingData;
use super::{
    BatchReport, Command, DataIdentity, EpochLayers, EpochMetrics, Evaluation, Event, Origin,
    Resumed, RunStart, RunSummary, Scores, TestScores, TrainError, Validated, best_epoch, evaluate,
    evaluate_some, is_complete,
};
use crate::data::{self, Dataset};
use crate::nn::{Model, ModelInfo, NnError, Snapshot};
use crate::spec::{CheckedSpec, Precision};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

/// A training, from the first step or a checkpoint to its end.
///
/// A run that goes on from a checkpoint gives what it would have given without the interruption, bit
/// for bit. A CPU without bf16 instructions trains in f32, and [`RunStart`] says so; checkpoints and
/// models keep the spec as it is.
pub struct EpochLoop<'a> {
    /// What is trained, as it was at the start.
    pub(super) original: &'a CheckedSpec,
    /// The spec in force, with what was changed under way.
    pub(super) spec: CheckedSpec,
    /// How many of the progress's changes are in it.
    pub(super) steered: usize,
    pub(super) dataset: &'a Dataset,
    pub(super) data: &'a TrainingData<'a>,
    pub(super) state: TrainState,
    pub(super) progress: Progress,
    /// The model after the best epoch.
    pub(super) best: Option<Arc<Validated>>,
    /// Whether it continues from a checkpoint.
    pub(super) is_resumed: bool,
    /// What is inside the layers.
    pub(super) layers: LiveLayers,
}

impl<'a> EpochLoop<'a> {
    /// A training that has not begun. `saved` is what `auto` chose when a run began that is to go on.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn new(
        spec: &'a CheckedSpec,
        data: &'a TrainingData<'a>,
        saved: Option<Precision>,
    ) -> Result<Self, TrainError> {
        let precision = PrecisionChoice::of(spec, saved)?;
        Ok(Self {
            original: spec,
            spec: spec.clone(),
            steered: 0,
            dataset: &data.dataset,
            data,
            progress: Progress {
                precision: precision.auto,
                excluded: data.excluded.images().to_vec(),
                ..Progress::start(DataIdentity::of(&data.dataset))
            },
            state: TrainState::new(spec, precision)?,
            best: None,
            is_resumed: false,
            layers: LiveLayers::default(),
        })
    }

    /// What is known before the first step, for [`Event::Started`]; `folder` is the run's, and `notice`
    /// is added to the loop's own.
    pub fn start(&self, folder: Option<&Path>, notice: Option<String>) -> RunStart {
        let own = self.state.precision.notice.clone();
        let notices: Vec<String> = own.into_iter().chain(notice).collect();
        RunStart {
            epochs: self.spec.epochs,
            batches_per_epoch: self.data.batches,
            train_images: self.dataset.train.len(),
            validation_images: self.dataset.validation.len(),
            parameters: self.spec.summary().parameters(),
            threads: rayon::current_num_threads(),
            precision: self.state.precision.used,
            notice: (!notices.is_empty()).then(|| notices.join("; ")),
            folder: folder.map(Path::to_owned),
            resumed: self.is_resumed.then(|| Resumed {
                epochs: self.progress.epochs.clone(),
                batch: self.progress.current.batches,
            }),
            test_seen: false,
            excluded: self.progress.excluded.len(),
            origin: self.progress.origin.clone(),
            steering: self.progress.steering[..self.steered].to_vec(),
        }
    }

    /// Trains to the end, or until a command ends it. Everything that happens goes to `sink`, ending
    /// with [`Event::Done`], or [`Event::Diverged`] when the loss is NaN or infinite; other errors are
    /// only returned. Commands are obeyed between batches; when their sender is gone, the run stops.
    ///
    /// # Errors
    /// A diverged loss, or a failure of the arithmetic.
    pub fn run(
        &mut self,
        saver: &mut dyn SaveRun,
        commands: &Receiver<Command>,
        sink: &mut dyn FnMut(Event),
    ) -> Result<RunSummary, TrainError> {
        if self.is_resumed {
            self.save_resumed(saver, sink)?;
        }
        let started = Instant::now();
        let mut control = Control::new(commands);
        loop {
            self.steer_as_planned(sink)?;
            if self.is_complete() {
                break;
            }
            let Some(trained) = self.train_epoch(&mut control, saver, sink)? else {
                break;
            };
            self.finish_epoch(trained, saver, sink)?;
            if control.ends_after(self.progress.epochs.len()) {
                break;
            }
        }
        let complete = self.is_complete();
        let test = match complete {
            true => self.conclude(saver, sink)?,
            false => None,
        };
        if saver.failure().is_some() {
            // There may be space on the disk again since the last epoch.
            self.save(saver, None, None, sink)?;
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
            folder: saver.folder().map(Path::to_owned),
            unsaved: saver.failure().map(str::to_owned),
        };
        sink(Event::Done(summary.clone()));
        Ok(summary)
    }

    /// Whether nothing is left to train, as the spec in force is.
    pub fn is_complete(&self) -> bool {
        let steering = &self.progress.steering[..self.steered];
        is_complete(&self.spec, steering, &self.progress.epochs)
    }

    /// Writes the files that the interrupted process could not write any more, and reports the best
    /// model so far.
    fn save_resumed(
        &mut self,
        saver: &mut dyn SaveRun,
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TrainError> {
        let last = self.progress.epochs.last();
        let model = match last.filter(|_| self.progress.current.batches == 0) {
            Some(last) => {
                let info = info(&self.spec, self.dataset, last);
                Some(self.state.validated()?.snapshot(info))
            }
            None => None,
        };
        self.save(saver, model.as_ref(), None, sink)?;
        if let Some(best) = &self.best {
            sink(Event::Validated(Arc::clone(best)));
        }
        Ok(())
    }

    /// Goes once through the training images, or through those left of an epoch that was begun. Returns
    /// the epoch's metrics, those of the validation images still 0, or `None` when a command stopped
    /// the run on the way.
    fn train_epoch(
        &mut self,
        control: &mut Control<'_>,
        saver: &mut dyn SaveRun,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Option<EpochMetrics>, TrainError> {
        let epoch = self.progress.epochs.len() + 1;
        let train = &self.dataset.train;
        let order = data::shuffled_order(train.len(), self.spec.seed, epoch);
        let done = self.progress.current.batches;
        let batches = order.chunks(self.spec.batch_size).take(self.data.batches);
        let mut batches = batches.enumerate().skip(done).peekable();
        while let Some((batch, indices)) = batches.next() {
            if !self.obey(control, saver, sink)? {
                return Ok(None);
            }
            self.steer_as_planned(sink)?;
            let begun = Instant::now();
            let step = self.progress.step(self.data.batches);
            let rate = learning_rate(&self.spec, step, self.data.batches, &self.progress.epochs);
            let at = |indices, step| Batch {
                indices,
                epoch,
                step,
            };
            let next = batches.peek().map(|(_, indices)| at(indices, step + 1));
            let is_looked_at = next.is_none() && is_due(&self.spec, train.len(), epoch);
            if is_looked_at {
                self.layers.before_step(&self.state.model);
            }
            let outcome =
                self.state
                    .step(&self.spec, self.dataset, at(indices, step), next, rate)?;
            let taken = begun.elapsed().as_secs_f64();
            if !outcome.loss.is_finite() {
                let loss = f64::from(outcome.loss);
                return Err(diverged(epoch, batch + 1, loss, rate, sink));
            }
            if is_looked_at {
                self.layers.after_step(&self.state.model);
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
                batches: self.data.batches,
                loss: outcome.loss,
                accuracy: outcome.correct as f64 / indices.len() as f64,
                learning_rate: rate,
                images: self.progress.images,
                seconds: self.progress.seconds,
            }));
            let (network, layers) = (self.state.model.network(), &self.spec.summary().layers);
            if let Some(profile) = control.profile.after_step(network, layers) {
                sink(Event::Profile(Arc::new(profile)));
            }
        }
        let sums = std::mem::take(&mut self.progress.current);
        Ok(Some(metrics(epoch, &sums)))
    }

    /// Carries out the commands that came since the last batch; `false` ends the run. A run that is
    /// stopped or paused is saved first: it may have to go on in another process.
    fn obey(
        &mut self,
        control: &mut Control<'_>,
        saver: &mut dyn SaveRun,
        sink: &mut dyn FnMut(Event),
    ) -> Result<bool, TrainError> {
        if saver.is_due() {
            self.save(saver, None, None, sink)?;
        }
        let order = control.next_order();
        let goes_on = match order {
            Order::GoOn => true,
            Order::Stop => false,
            Order::Pause => {
                self.save(saver, None, None, sink)?;
                control.wait_for_resume(sink)
            }
        };
        let steered = self.note_steering(control, sink);
        // What a person changes is kept even if the process is killed the moment after.
        if steered || order == Order::Stop {
            self.save(saver, None, None, sink)?;
        }
        Ok(goes_on)
    }

    /// Evaluates the model after an epoch, saves the run and reports both.
    fn finish_epoch(
        &mut self,
        trained: EpochMetrics,
        saver: &mut dyn SaveRun,
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TrainError> {
        let epoch = trained.epoch;
        let dataset = self.dataset;
        let normalization = dataset.normalization_for(self.spec.normalization);
        let model = self.state.validated()?;
        let evaluation = evaluate(model, &dataset.validation, normalization)?;
        if !evaluation.loss.is_finite() {
            let rate = trained.learning_rate;
            return Err(diverged(epoch, 0, evaluation.loss, rate, sink));
        }
        let seen_again = &self.data.seen_again;
        let training = evaluate_some(model, &dataset.train, seen_again, normalization)?;
        let metrics = EpochMetrics {
            validation_loss: evaluation.loss,
            validation_accuracy: evaluation.accuracy,
            train_eval_loss: Some(training.loss),
            train_eval_accuracy: Some(training.accuracy),
            ..trained
        };
        let accuracy = metrics.validation_accuracy;
        tracing::info!(epoch, accuracy, "epoch done");
        self.progress.epochs.push(metrics);
        let is_best = best_epoch(&self.progress.epochs).is_some_and(|best| best.epoch == epoch);
        let validated = Arc::new(Validated {
            evaluation,
            snapshot: model.snapshot(info(&self.spec, dataset, &metrics)),
            images: Arc::clone(&dataset.validation),
        });
        if is_best {
            self.best = Some(Arc::clone(&validated));
        }
        let layers = match is_due(&self.spec, dataset.train.len(), epoch) {
            true => {
                let model = &self.state.model;
                let layers = self.layers.look(model, &self.spec, dataset, epoch)?;
                Some(Arc::new(layers))
            }
            false => None,
        };
        let seen = (&validated.evaluation, layers.as_deref());
        self.save(saver, Some(&validated.snapshot), Some(seen), sink)?;
        sink(Event::Epoch { metrics, is_best });
        if let Some(layers) = layers {
            sink(Event::Layers(layers));
        }
        sink(Event::Validated(validated));
        Ok(())
    }

    /// Does what is left after the last epoch: evaluates the test images, and saves the best model in
    /// the last one's place, each where the spec says so.
    fn conclude(
        &mut self,
        saver: &mut dyn SaveRun,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Option<TestScores>, TrainError> {
        let Some(best) = self.best.clone() else {
            return Ok(None);
        };
        let test = match &self.data.test {
            Some(images) => {
                let normalization = self.dataset.normalization_for(self.spec.normalization);
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
                    last: score(self.state.validated()?)?,
                })
            }
            None => None,
        };
        let restored = self.spec.early_stopping.restore_best && !self.progress.is_at_best();
        if saver.is_wanted() && (restored || test.is_some()) {
            let checkpoint = self.checkpoint()?;
            let files = RunFiles {
                checkpoint: &checkpoint,
                model: restored.then_some(&best.snapshot),
                evaluation: None,
                best: Some(&best.snapshot),
                test: test.as_ref(),
                layers: None,
            };
            saver.save(files, sink);
        }
        if restored {
            sink(Event::Validated(best));
        }
        Ok(test)
    }

    /// Saves the run as it is between two steps; `model` and `evaluation` are the epoch's, where one has just
    /// ended.
    pub(super) fn save(
        &mut self,
        saver: &mut dyn SaveRun,
        model: Option<&Snapshot>,
        seen: Option<(&Evaluation, Option<&EpochLayers>)>,
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TrainError> {
        if !saver.is_wanted() {
            return Ok(());
        }
        let checkpoint = self.checkpoint()?;
        let best = self.best.clone();
        let files = RunFiles {
            checkpoint: &checkpoint,
            model,
            evaluation: seen.map(|(evaluation, _)| evaluation),
            best: best.as_ref().map(|best| &best.snapshot),
            test: None,
            layers: seen.and_then(|(_, layers)| layers),
        };
        saver.save(files, sink);
        Ok(())
    }

    /// The run as it is between two steps.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn checkpoint(&mut self) -> Result<Checkpoint, TrainError> {
        let progress = self.progress.clone();
        if progress.is_start() && !matches!(progress.origin, Some(Origin::Weights { .. })) {
            let start = Checkpoint::start(self.original.clone(), progress.data.clone());
            return Ok(Checkpoint { progress, ..start });
        }
        let best = match &self.best {
            Some(best) if !progress.is_at_best() => best.snapshot.state.clone(),
            _ => Vec::new(),
        };
        Ok(Checkpoint {
            spec: self.original.clone(),
            progress,
            model: self.state.model.network().state(),
            average: match &self.state.average {
                Some(average) => average.state().to_vec(),
                None => Vec::new(),
            },
            optimizer: self.state.optimizer.state(self.state.model.network()),
            best,
        })
    }
}

/// Everything of a model file but the tensors.
pub(super) fn info(spec: &CheckedSpec, dataset: &Dataset, metrics: &EpochMetrics) -> ModelInfo {
    ModelInfo {
        spec: spec.clone(),
        dataset: dataset.name.clone(),
        class_names: dataset.class_names.clone(),
        normalization: dataset.normalization_for(spec.normalization),
        metrics: serde_json::to_value(metrics).unwrap_or_default(),
    }
}

/// The metrics of an epoch's training.
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
        // With a coarse clock a tiny epoch takes 0 seconds; JSON cannot hold infinity.
        images_per_second: sums.images as f64 / sums.seconds.max(1e-9),
        train_eval_loss: None,
        train_eval_accuracy: None,
    }
}
