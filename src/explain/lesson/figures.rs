//! The figures of a run that lessons name.

use crate::explain::Facts;
use crate::spec::CheckedSpec;
use crate::stats::standard_error;
use crate::train::{EpochMetrics, best_epoch};
use std::collections::BTreeMap;

/// The figures there are, each with what it is.
pub const FIGURES: &[(&str, &str)] = &[
    ("epochs", "epochs that are trained"),
    (
        "train_accuracy",
        "share of training images that the model gets right after the last epoch",
    ),
    (
        "val_accuracy",
        "share of validation images that it gets right then",
    ),
    ("first_val_accuracy", "the same after the first epoch"),
    (
        "best_accuracy",
        "the best validation accuracy of all epochs",
    ),
    ("best_epoch", "its epoch"),
    ("accuracy_error", "standard error of val_accuracy"),
    ("gap", "train_accuracy minus val_accuracy"),
    (
        "train_loss",
        "loss of training images after the last epoch, as validation images are evaluated",
    ),
    (
        "first_train_loss",
        "mean loss while the first epoch trained",
    ),
    (
        "val_loss",
        "loss of the validation images after the last epoch",
    ),
    ("first_val_loss", "the same after the first epoch"),
    ("lowest_val_loss", "the lowest of all epochs"),
    ("lowest_val_loss_epoch", "its epoch"),
    ("parameters", "trainable parameters of the network"),
    ("chance", "accuracy of guessing"),
    ("images", "validation images"),
    (
        "seeds",
        "runs that differ by the seed alone, done one after the other",
    ),
    (
        "seed_range",
        "largest minus smallest val_accuracy of those runs",
    ),
];

/// Numbers by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures(BTreeMap<String, f64>);

impl Figures {
    /// The figures of a run of `spec` on so many validation images, after these epochs; none before the first.
    /// `seeds` are the validation accuracies of the finished runs that differ from it by the seed alone.
    pub fn of_run(
        spec: &CheckedSpec,
        epochs: &[EpochMetrics],
        images: usize,
        seeds: &[f64],
    ) -> Self {
        let mut figures = Self::default();
        let (Some(first), Some(last), Some(best)) =
            (epochs.first(), epochs.last(), best_epoch(epochs))
        else {
            return figures;
        };
        let lowest = epochs.iter().fold(first, |lowest, epoch| {
            match epoch.validation_loss < lowest.validation_loss {
                true => epoch,
                false => lowest,
            }
        });
        let training = last.train_eval_accuracy.unwrap_or(last.train_accuracy);
        let summary = spec.summary();
        for (name, value) in [
            ("epochs", epochs.len() as f64),
            ("train_accuracy", training),
            ("val_accuracy", last.validation_accuracy),
            ("first_val_accuracy", first.validation_accuracy),
            ("best_accuracy", best.validation_accuracy),
            ("best_epoch", best.epoch as f64),
            (
                "accuracy_error",
                standard_error(last.validation_accuracy, images),
            ),
            ("gap", training - last.validation_accuracy),
            (
                "train_loss",
                last.train_eval_loss.unwrap_or(last.train_loss),
            ),
            ("first_train_loss", first.train_loss),
            ("val_loss", last.validation_loss),
            ("first_val_loss", first.validation_loss),
            ("lowest_val_loss", lowest.validation_loss),
            ("lowest_val_loss_epoch", lowest.epoch as f64),
            ("parameters", summary.parameters() as f64),
            ("chance", 1.0 / summary.classes.max(1) as f64),
            ("images", images as f64),
        ] {
            figures.set(name, value);
        }
        if !seeds.is_empty() {
            let low = seeds.iter().copied().fold(f64::INFINITY, f64::min);
            let high = seeds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            figures.set("seeds", seeds.len() as f64);
            figures.set("seed_range", high - low);
        }
        figures
    }

    /// The value of a name, if it is known and a number.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied().filter(|value| value.is_finite())
    }

    /// Keeps a value under a name.
    pub fn set(&mut self, name: &str, value: f64) {
        self.0.insert(name.to_owned(), value);
    }

    /// Takes all of others; they replace those of the same name.
    pub fn add(&mut self, others: &Self) {
        self.0.extend(others.0.clone());
    }

    /// The figures in words, for texts with places for them.
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        for (name, value) in &self.0 {
            facts.set(name, in_words(*value));
        }
        facts
    }
}

/// A figure with as many digits as it needs.
pub fn in_words(value: f64) -> String {
    match value {
        value if value.fract() == 0.0 && value.abs() < 1e15 => {
            let digits = crate::text::grouped(value.abs() as u64);
            if value < 0.0 {
                format!("-{digits}")
            } else {
                digits
            }
        }
        value if value.abs() < 0.0005 => format!("{value:.5}"),
        value => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    #[test]
    fn a_run_has_every_figure_that_is_listed() {
        let spec = preset("tiny").unwrap();
        let epoch = |epoch: usize, validation_loss: f64| EpochMetrics {
            epoch,
            validation_loss,
            validation_accuracy: 0.75,
            train_eval_accuracy: Some(1.0),
            ..EpochMetrics::default()
        };
        let epochs = [epoch(1, 0.9), epoch(2, 0.4), epoch(3, 0.5)];
        let figures = Figures::of_run(&spec, &epochs, 1000, &[0.75, 0.5]);
        for (name, _) in FIGURES {
            assert!(figures.get(name).is_some(), "{name}");
        }
        let of = |name| figures.get(name).unwrap();
        assert_eq!((of("gap"), of("lowest_val_loss_epoch")), (0.25, 2.0));
        assert_eq!((of("seed_range"), of("epochs")), (0.25, 3.0));
        assert_eq!(Figures::of_run(&spec, &[], 1000, &[]), Figures::default());
    }

    #[test]
    fn figures_are_written_with_the_digits_they_need() {
        for (value, text) in [
            (9146.0, "9,146"),
            (0.86812, "0.868"),
            (-0.0213, "-0.021"),
            (3.0, "3"),
        ] {
            assert_eq!(in_words(value), text);
        }
    }
}
