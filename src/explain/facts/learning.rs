//! What is known of a run: its epochs, its gap, how exact its accuracies are.

use super::Facts;
use crate::data::Dataset;
use crate::insight::remark;
use crate::spec::Spec;
use crate::stats::{Accuracy, Spread};
use crate::text::{grouped, short_decimal};
use crate::train::{EpochMetrics, best_epoch};

impl Facts {
    /// The images.
    pub fn of_data(dataset: &Dataset, spec: &Spec) -> Self {
        let mut facts = Self::default();
        let train = dataset.train.len();
        let held_out = spec.validation.held_out(train);
        let train = train - held_out;
        facts.set("dataset", &dataset.name);
        facts.set("all_train_images", grouped(dataset.train.len() as u64));
        facts.set("test_images", grouped(dataset.validation.len() as u64));
        facts.set("train_images", grouped(train as u64));
        facts.set(
            "validation_images",
            grouped(match held_out {
                0 => dataset.validation.len() as u64,
                images => images as u64,
            }),
        );
        facts.set(
            "image_size",
            format!("{}×{}", dataset.height(), dataset.width()),
        );
        facts.set("data_classes", dataset.classes());
        let steps = train.div_ceil(spec.batch_size.max(1));
        facts.set("steps", grouped(steps as u64));
        facts.set("all_steps", grouped((steps * spec.epochs) as u64));
        facts
    }

    /// The epochs of a run of `spec` on so many validation images; 0 stands for a number that is not known.
    pub fn of_epochs(spec: &Spec, epochs: &[EpochMetrics], validation_images: usize) -> Self {
        let mut facts = Self::default();
        let (Some(last), Some(best)) = (epochs.last(), best_epoch(epochs)) else {
            return facts;
        };
        let exact = |share| Accuracy::of(share, validation_images);
        let training = last.train_eval_accuracy.unwrap_or(last.train_accuracy);
        facts.set("run", &spec.name);
        facts.set("epoch", last.epoch);
        facts.set("train_accuracy", format!("{training:.4}"));
        facts.set("validation_accuracy", exact(last.validation_accuracy));
        facts.set(
            "train_loss",
            format!("{:.4}", last.train_eval_loss.unwrap_or(last.train_loss)),
        );
        facts.set("validation_loss", format!("{:.4}", last.validation_loss));
        let points = 100.0 * (training - last.validation_accuracy);
        facts.set(
            "gap",
            match points {
                points if points >= 0.05 => format!("{points:.1} points above validation"),
                points if points <= -0.05 => format!("{:.1} points below validation", -points),
                _ => "as high as validation".into(),
            },
        );
        facts.set("best_epoch", best.epoch);
        facts.set("best_accuracy", exact(best.validation_accuracy));
        facts.set("current_rate", short_decimal(last.learning_rate));
        facts.set("epoch_seconds", format!("{:.1}", last.seconds));
        if let Some(error) = exact(last.validation_accuracy).error {
            facts.set("error", format!("{error:.4}"));
            facts.set("error_images", grouped(validation_images as u64));
            facts.set("two_errors", format!("{:.1} points", 200.0 * error));
        }
        if let Some(remark) = remark(spec, epochs, validation_images) {
            facts.set("remark", remark);
        }
        facts
    }

    /// Runs that differ by the seed alone.
    pub fn of_seeds(spread: &Spread) -> Self {
        let mut facts = Self::default();
        facts.set("seeds", spread.count);
        facts.set("seed_spread", spread);
        facts
    }
}
