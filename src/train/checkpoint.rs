//! Everything a run needs to go on where it was, as one value.

use super::steps::batches_per_epoch;
use super::{DataIdentity, EpochMetrics, Origin, Steered, TrainError, best_epoch, spec_in_force};
use crate::nn::{OptimizerState, TensorState};
use crate::spec::{CheckedSpec, Precision};
use serde::{Deserialize, Serialize};

/// A run between two optimiser steps. Random numbers and the schedule need no state: they follow from
/// the spec's seed and the number of the step.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// What is trained, as it was at the start.
    pub spec: CheckedSpec,
    /// How far it is.
    pub progress: Progress,
    /// Parameters and running statistics; empty before the first step.
    pub model: Vec<TensorState>,
    /// The average of the weights; empty before the first step, and without `ema_decay`.
    pub average: Vec<TensorState>,
    /// The optimiser's moments and step counts; empty before the first step.
    pub optimizer: OptimizerState,
    /// The validated tensors after the best epoch; empty before the first epoch is complete, and where
    /// `average`, or `model` without one, is that very state.
    pub best: Vec<TensorState>,
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The images it sees.
    pub data: DataIdentity,
    /// Complete epochs.
    pub epochs: Vec<EpochMetrics>,
    /// The epoch under way.
    pub current: EpochSums,
    /// Images trained on so far.
    pub images: u64,
    /// Seconds of training so far.
    pub seconds: f64,
    /// What `auto` chose when the run began; none where the spec names a precision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// Which settings changed before which step, in the order of the steps. Those of a replay may be
    /// still to come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steering: Vec<Steered>,
    /// What the run began with, if that is not a spec alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The training images that the spec's list left out when the run began, in ascending order: the file may
    /// change or go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<u32>,
}

/// What the metrics of an epoch are made of, batch by batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochSums {
    /// Batches trained on.
    pub batches: usize,
    /// Images in them.
    pub images: usize,
    /// Sum of the images' losses, in nats.
    pub loss: f64,
    /// Images classified correctly.
    pub correct: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Learning rate of the last step.
    pub learning_rate: f64,
}

impl Progress {
    /// A run that has not begun.
    pub fn start(data: DataIdentity) -> Self {
        Self {
            data,
            epochs: Vec::new(),
            current: EpochSums::default(),
            images: 0,
            seconds: 0.0,
            precision: None,
            steering: Vec::new(),
            origin: None,
            excluded: Vec::new(),
        }
    }

    /// Optimiser steps made.
    pub fn step(&self, batches_per_epoch: usize) -> u64 {
        let complete = (self.epochs.len() as u64).saturating_mul(batches_per_epoch as u64);
        complete.saturating_add(self.current.batches as u64)
    }

    /// The changes that are in force after so many optimiser steps.
    pub fn steering_before(&self, step: u64) -> &[Steered] {
        let later = self.steering.iter().position(|steered| steered.step > step);
        &self.steering[..later.unwrap_or(self.steering.len())]
    }

    /// Whether no step has been made.
    pub fn is_start(&self) -> bool {
        self.epochs.is_empty() && self.current.batches == 0
    }

    /// Whether the last complete epoch is the best one and nothing was trained since.
    pub fn is_at_best(&self) -> bool {
        let best = best_epoch(&self.epochs).map(|best| best.epoch);
        self.current.batches == 0 && best == self.epochs.last().map(|last| last.epoch)
    }
}

impl Checkpoint {
    /// A run that has not begun.
    pub fn start(spec: CheckedSpec, data: DataIdentity) -> Self {
        Self {
            spec,
            progress: Progress::start(data),
            model: Vec::new(),
            average: Vec::new(),
            optimizer: OptimizerState::default(),
            best: Vec::new(),
        }
    }

    /// Optimiser steps made, which also names the checkpoint's file.
    pub fn step(&self) -> u64 {
        self.progress.step(self.batches())
    }

    /// Optimiser steps in an epoch, at least 1.
    pub fn steps_per_epoch(&self) -> u64 {
        self.batches().max(1) as u64
    }

    fn batches(&self) -> usize {
        batches_per_epoch(self.progress.data.train_images, self.spec.batch_size)
    }

    /// The spec with all that was changed under way.
    ///
    /// # Errors
    /// A change that cannot be.
    pub fn spec_in_force(&self) -> Result<CheckedSpec, TrainError> {
        spec_in_force(&self.spec, &self.progress.steering, self.step())
    }

    /// The tensors after the best epoch, when one is complete.
    pub fn best(&self) -> Option<&[TensorState]> {
        match self.progress.epochs.is_empty() {
            true => None,
            false if !self.best.is_empty() => Some(&self.best),
            false if !self.average.is_empty() => Some(&self.average),
            false => Some(&self.model),
        }
    }

    /// Whether its parts belong together. Whether the tensors are the network's shows when they are
    /// loaded into it.
    ///
    /// # Errors
    /// A sentence saying which parts do not.
    pub(crate) fn check(&self) -> Result<(), String> {
        let Progress {
            data,
            epochs,
            current,
            precision,
            steering,
            excluded,
            ..
        } = &self.progress;
        if !excluded.is_sorted_by(|a, b| a < b) {
            return Err("the images that it leaves out are not in order".into());
        }
        if self.spec.exclude.is_empty() && !excluded.is_empty() {
            return Err("it leaves images out, and its spec does not".into());
        }
        if !steering.is_sorted_by_key(|steered| steered.step) {
            return Err("its changes are not in the order of their steps".into());
        }
        let batches = batches_per_epoch(data.train_images, self.spec.batch_size);
        if batches == 0 {
            return Err("it knows of no training images".into());
        }
        let is_auto = self.spec.precision == Precision::Auto;
        if precision.is_some() != is_auto || *precision == Some(Precision::Auto) {
            return Err("its spec and its precision do not agree".into());
        }
        let counted = epochs.iter().enumerate();
        if counted
            .clone()
            .any(|(index, metrics)| metrics.epoch != index + 1)
        {
            return Err("its epochs are not numbered from 1".into());
        }
        let spec = self.spec_in_force().map_err(|error| error.to_string())?;
        if epochs.len() > spec.epochs || current.batches >= batches {
            return Err(format!(
                "it is at epoch {}, batch {}, of {} epochs with {batches} batches",
                epochs.len(),
                current.batches,
                spec.epochs
            ));
        }
        // A run that begins with a model's weights has tensors before its first step.
        let has_weights = matches!(self.progress.origin, Some(Origin::Weights { .. }));
        if self.model.is_empty() != (self.progress.is_start() && !has_weights) {
            return Err("its tensors and its number of steps do not agree".into());
        }
        let needs_average = self.spec.ema_decay > 0.0 && !self.model.is_empty();
        if self.average.is_empty() == needs_average {
            return Err("its spec and its average of the weights do not agree".into());
        }
        let needs_best = !epochs.is_empty() && !self.progress.is_at_best();
        if self.best.is_empty() == needs_best {
            return Err("its best epoch and its tensors do not agree".into());
        }
        let numbers: u64 = self.model.iter().map(TensorState::elements).sum();
        let parameters = self.spec.summary().parameters();
        if !self.model.is_empty() && numbers < parameters {
            return Err(format!(
                "its spec asks for {parameters} parameters, more than the {numbers} it holds"
            ));
        }
        Ok(())
    }
}
