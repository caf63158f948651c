//! The numbers of one epoch.

use super::steering::{Steered, patience_from};
use crate::spec::Spec;
use serde::{Deserialize, Serialize};

/// One line of a run's `metrics.jsonl`; with the fields in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EpochMetrics {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Mean loss over the epoch's training images, each as it was trained on, in nats. With label
    /// smoothing this is the smoothed loss.
    pub train_loss: f64,
    /// Share of the training images classified correctly, each as it was trained on: by a network
    /// that still changes, and with dropout.
    pub train_accuracy: f64,
    /// Mean cross-entropy of the validation images after the epoch, in nats, without smoothing.
    pub validation_loss: f64,
    /// Share of the validation images classified correctly after the epoch.
    pub validation_accuracy: f64,
    /// Learning rate of the epoch's last step.
    pub learning_rate: f64,
    /// Seconds of training, without evaluation and pauses.
    pub seconds: f64,
    /// Training images per second of `seconds`.
    pub images_per_second: f64,
    /// Mean cross-entropy of [some training images](super::TrainingData::seen_again) after the epoch, as
    /// validation images are evaluated; `None` in runs of older versions.
    #[serde(default)]
    pub train_eval_loss: Option<f64>,
    /// Share of those images classified correctly.
    #[serde(default)]
    pub train_eval_accuracy: Option<f64>,
}

/// The epoch with the best validation accuracy, the first of equals.
pub fn best_epoch(epochs: &[EpochMetrics]) -> Option<&EpochMetrics> {
    epochs.iter().reduce(|best, epoch| {
        if epoch.validation_accuracy > best.validation_accuracy {
            epoch
        } else {
            best
        }
    })
}

/// Whether a run of `spec`, changed under way by `steering`, is over after these epochs: they are all
/// there, or its patience is used up.
pub fn is_complete(spec: &Spec, steering: &[Steered], epochs: &[EpochMetrics]) -> bool {
    let accuracies = epochs.iter().map(|epoch| epoch.validation_accuracy);
    let from = patience_from(steering);
    epochs.len() >= spec.epochs || spec.early_stopping.is_over(accuracies, from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_a_line_and_their_order_stay() {
        let metrics = EpochMetrics {
            epoch: 3,
            train_loss: 0.5,
            train_accuracy: 0.8125,
            validation_loss: 0.4,
            validation_accuracy: 0.1 + 0.2,
            learning_rate: 1e-3,
            seconds: 2.0,
            images_per_second: 30_000.0,
            train_eval_loss: Some(0.25),
            train_eval_accuracy: Some(0.875),
        };
        let line = serde_json::to_string(&metrics).unwrap();
        assert_eq!(
            line,
            "{\"epoch\":3,\"train_loss\":0.5,\"train_accuracy\":0.8125,\"validation_loss\":0.4,\
             \"validation_accuracy\":0.30000000000000004,\"learning_rate\":0.001,\"seconds\":2.0,\
             \"images_per_second\":30000.0,\"train_eval_loss\":0.25,\"train_eval_accuracy\":0.875}"
        );
        assert_eq!(
            serde_json::from_str::<EpochMetrics>(&line).unwrap(),
            metrics
        );
        let (older, _) = line.split_once(",\"train_eval_loss").unwrap();
        let older: EpochMetrics = serde_json::from_str(&format!("{older}}}")).unwrap();
        assert_eq!(older.train_eval_accuracy, None);
    }
}
