//! An epoch as a line of text and as JSON, the same wherever runs are trained.

use crate::stats::standard_error;
use crate::text::duration;
use crate::train::EpochMetrics;
use serde::Serialize;

/// One epoch's line; the numbers of all epochs are aligned.
pub fn epoch_line(metrics: &EpochMetrics, epochs: usize) -> String {
    let width = epochs.to_string().len();
    let number = format!("#{}", metrics.epoch);
    format!(
        "Epoch{number:<width$} Training={:.4} Validation={:.4}  loss {:.4} / {:.4}  {}",
        metrics.train_accuracy,
        metrics.validation_accuracy,
        metrics.train_loss,
        metrics.validation_loss,
        duration(metrics.seconds),
        width = width + 1,
    )
}

/// How many images an epoch's accuracies are of.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImageCounts {
    /// Images trained on.
    pub train: usize,
    /// Images validated with.
    pub validation: usize,
}

/// An epoch's metrics, each accuracy with its standard error.
#[derive(Serialize)]
pub struct EpochObject<'a> {
    #[serde(flatten)]
    metrics: &'a EpochMetrics,
    train_accuracy_error: f64,
    validation_accuracy_error: f64,
    train_eval_accuracy_error: Option<f64>,
}

impl<'a> EpochObject<'a> {
    /// The metrics of an epoch over so many images.
    pub fn new(metrics: &'a EpochMetrics, images: ImageCounts) -> Self {
        let again = crate::train::seen_again_images(images.train);
        let of_again = |accuracy| standard_error(accuracy, again);
        Self {
            metrics,
            train_accuracy_error: standard_error(metrics.train_accuracy, images.train),
            validation_accuracy_error: standard_error(
                metrics.validation_accuracy,
                images.validation,
            ),
            train_eval_accuracy_error: metrics.train_eval_accuracy.map(of_again),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epochs_line_is_the_studys_with_losses_and_time() {
        let metrics = EpochMetrics {
            epoch: 12,
            train_loss: 0.0812,
            train_accuracy: 0.9716,
            validation_loss: 0.2211,
            validation_accuracy: 0.9305,
            learning_rate: 0.1,
            seconds: 30.1,
            images_per_second: 1993.0,
            train_eval_loss: None,
            train_eval_accuracy: None,
        };
        assert_eq!(
            epoch_line(&metrics, 50),
            "Epoch#12 Training=0.9716 Validation=0.9305  loss 0.0812 / 0.2211  30.1 s"
        );
    }
}
