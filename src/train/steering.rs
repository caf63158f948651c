//! Changes of a run under way: which setting got which value before which step.
//!
//! A steered run is as exact as any other: its spec and its list of changes give the same model, bit for
//! bit, whether they came from a person at the keyboard or from a file.

use super::TrainError;
use crate::spec::vary::{Settings, VaryError};
use crate::spec::{CheckedSpec, Layer, Loss, Spec};
use serde::{Deserialize, Serialize};

/// A change of some settings while a run is under way. In JSON, a line of `steering.jsonl`:
/// `{"step":1407,"epoch":4,"set":{"learning_rate":0.01}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steered {
    /// Optimiser steps made before it takes effect.
    pub step: u64,
    /// The epoch under way then, from 1. In a file that is to be replayed it may be left out.
    #[serde(default)]
    pub epoch: usize,
    /// The settings and their new values.
    pub set: Settings,
}

/// What may change while a run is under way, for people.
pub const STEERABLE: &str = "learning_rate, schedule, warmup_epochs, epochs, the optimizer's numbers, \
     dropout, frozen_layers, gradient_clip, label smoothing, early_stopping and ema_decay";

/// The spec with new values of some settings of a run under way.
///
/// # Errors
/// A setting that does not exist, a value out of its limits, or a setting that cannot change under way.
pub fn steer(spec: &CheckedSpec, set: &Settings) -> Result<CheckedSpec, TrainError> {
    let refused = |reason: String| TrainError::NotSteerable {
        set: set.to_string(),
        reason,
    };
    let other = || {
        refused(format!(
            "while a run is under way only {STEERABLE} can change; for anything else start a new run, \
             from this one's weights if you like (--init-from)"
        ))
    };
    let changed = set.apply(spec).map_err(|error| match error {
        VaryError::Fixed { .. } => other(),
        // That the values belong to the settings is said already.
        VaryError::Member { reason, .. } => refused(reason),
        error => refused(error.to_string()),
    })?;
    match may_become(spec, &changed) {
        true => Ok(changed),
        false => Err(other()),
    }
}

/// Whether the two differ only in what may change under way: the tensors, the images and their order stay.
fn may_become(old: &Spec, new: &Spec) -> bool {
    let mut rest = old.clone();
    rest.learning_rate = new.learning_rate;
    rest.schedule = new.schedule;
    rest.warmup_epochs = new.warmup_epochs;
    rest.epochs = new.epochs;
    rest.frozen_layers = new.frozen_layers;
    rest.gradient_clip = new.gradient_clip;
    rest.early_stopping = new.early_stopping;
    if old.optimizer.kind() == new.optimizer.kind() {
        rest.optimizer = new.optimizer;
    }
    // An average begins with the run, or not at all.
    if old.ema_decay > 0.0 && new.ema_decay > 0.0 {
        rest.ema_decay = new.ema_decay;
    }
    let Loss::SoftmaxCrossEntropy { .. } = new.loss;
    rest.loss = new.loss;
    for (layer, new) in rest.layers.iter_mut().zip(&new.layers) {
        if let (Layer::Dropout { p }, Layer::Dropout { p: new }) = (layer, new) {
            *p = *new;
        }
    }
    rest == *new
}

/// The spec that is in force after `step` optimiser steps of a run that began with `spec`.
///
/// # Errors
/// The first change that cannot be.
pub fn spec_in_force(
    spec: &CheckedSpec,
    steering: &[Steered],
    step: u64,
) -> Result<CheckedSpec, TrainError> {
    let mut due = steering.iter().take_while(|steered| steered.step <= step);
    due.try_fold(spec.clone(), |spec, steered| steer(&spec, &steered.set))
}

/// The complete epochs after which patience begins to count: a run that is made longer gets it anew.
pub fn patience_from(steering: &[Steered]) -> usize {
    let sets_epochs = |steered: &&Steered| steered.set.get("epochs").is_some();
    let last = steering.iter().rev().find(sets_epochs);
    last.map_or(0, |steered| steered.epoch.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    #[test]
    fn what_shapes_tensors_or_batches_cannot_change_under_way() {
        let spec = preset("bn-dropout").unwrap();
        let steered = |key: &str, value: serde_json::Value| steer(&spec, &Settings::of(key, value));
        for (key, value) in [
            ("learning_rate", 0.02.into()),
            ("dropout", 0.1.into()),
            ("optimizer.weight_decay", 0.001.into()),
            ("epochs", 120.into()),
            ("label_smoothing", 0.1.into()),
        ] {
            assert!(steered(key, value).is_ok(), "{key}");
        }
        for (key, value) in [
            ("batch_size", 64.into()),
            ("optimizer", "Sgd".into()),
            ("layers.1.out_channels", 8.into()),
            ("shift", 2.into()),
            ("seed", 3.into()),
            ("ema_decay", 0.9.into()),
        ] {
            let error = steered(key, value).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
