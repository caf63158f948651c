//! One curve of the figure: a run, or several seeds as one.

use crate::plot::axis::Points;
use crate::plot::style::Rgb;
use crate::runs::Fold;
use crate::stats::line;
use crate::train::{EpochMetrics, best_epoch};

/// A number of an epoch.
type Value = fn(&EpochMetrics) -> f64;

/// One curve of the figure: a run, or the mean of several that differ by the seed alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub(super) label: String,
    pub(super) color: Rgb,
    /// What stands behind the label: how well it did.
    pub(super) result: String,
    accuracy: Values,
    loss: Values,
    best_epoch: Option<usize>,
}

/// The values of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// While training.
    pub training: Points,
    /// On the validation images.
    pub validation: Points,
    /// A deviation below and above the mean of several seeds; empty for a run.
    pub band: [Points; 2],
}

impl Curve {
    /// A curve of the runs; of one whose only run has no epoch, or of which none is complete, there is none.
    pub(super) fn new(fold: &Fold, label: String, color: Rgb) -> Option<Self> {
        let kinds: [[Value; 2]; 2] = [
            [
                |epoch| 100.0 * epoch.train_accuracy,
                |epoch| 100.0 * epoch.validation_accuracy,
            ],
            [|epoch| epoch.train_loss, |epoch| epoch.validation_loss],
        ];
        if let [run] = fold.runs.as_slice() {
            let best = best_epoch(&run.epochs)?;
            let accuracy = run.accuracy(best.validation_accuracy);
            let points = |of: Value| {
                let epochs = run.epochs.iter();
                epochs
                    .map(|epoch| (epoch.epoch as f64, of(epoch)))
                    .collect()
            };
            let [accuracies, loss] = kinds.map(|[training, validation]| Values {
                training: points(training),
                validation: points(validation),
                band: [Vec::new(), Vec::new()],
            });
            return Some(Self {
                label,
                color,
                result: format!(
                    "best {} %, picked: epoch {}",
                    accuracy.percent(),
                    best.epoch
                ),
                accuracy: accuracies,
                loss,
                best_epoch: Some(best.epoch),
            });
        }
        let last = fold.last()?;
        let [accuracy, loss] = kinds.map(|[training, validation]| {
            let band = fold.band(|epoch| Some(validation(epoch)));
            let training = fold.band(|epoch| Some(training(epoch)));
            Values {
                training: line(&training, 0.0),
                validation: line(&band, 0.0),
                band: [line(&band, -1.0), line(&band, 1.0)],
            }
        });
        Some(Self {
            label,
            color,
            result: format!("last {} % sd, {} seeds", last.percent(), last.count),
            accuracy,
            loss,
            best_epoch: None,
        })
    }

    /// Whether it is no mean of several.
    pub(super) fn is_of_one_run(&self) -> bool {
        self.best_epoch.is_some()
    }

    /// In percent.
    pub(super) fn accuracy(&self) -> &Values {
        &self.accuracy
    }

    /// In nats.
    pub(super) fn loss(&self) -> &Values {
        &self.loss
    }

    /// The value of the best epoch, of the values of all; several seeds have none in common.
    pub(super) fn at_best(&self, values: &[(f64, f64)]) -> Option<(f64, f64)> {
        let epoch = self.best_epoch? as f64;
        values.iter().copied().find(|point| point.0 == epoch)
    }
}
