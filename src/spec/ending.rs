//! When a run ends, and with which model.

use serde::{Deserialize, Serialize};

/// Ends a run that has stopped getting better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EarlyStopping {
    /// Epochs without a better validation accuracy after which the run ends; 0 never ends it.
    pub patience: usize,
    /// By how much an accuracy must exceed the best one so far to count as better.
    pub min_gain: f64,
    /// Whether a run that is over leaves the model of its best epoch instead of its last.
    pub restore_best: bool,
}

impl EarlyStopping {
    /// Whether the patience is used up after these validation accuracies, one an epoch. It counts from
    /// the complete epoch `from` on: a run that is made longer has it anew.
    pub fn is_over(&self, accuracies: impl IntoIterator<Item = f64>, from: usize) -> bool {
        let (mut best, mut since) = (f64::NEG_INFINITY, 0);
        for (epoch, accuracy) in accuracies.into_iter().enumerate() {
            if epoch == from {
                since = 0;
            }
            if accuracy > best + self.min_gain {
                (best, since) = (accuracy, 0);
            } else {
                since += 1;
            }
            if self.patience > 0 && epoch >= from && since >= self.patience {
                return true;
            }
        }
        false
    }
}

/// Which images the model is evaluated on after each epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Validation {
    /// Number of training images that are held out to validate with, but at most a quarter of them; the
    /// same ones in every run. The test set is then evaluated once, at the end. With 0 the test set
    /// validates, as in the study.
    pub hold_out: usize,
}

impl Validation {
    /// What new specs hold out.
    pub const USUAL: Self = Self { hold_out: 5_000 };

    /// What is to be said beside every accuracy of a run for which [`Validation::is_test`] holds.
    pub const IS_TEST: &str = "validation = test set, as in the study";

    /// The same where there is little room.
    pub const IS_TEST_IN_SHORT: &str = "validation = test";

    /// Whether the test set validates: then the accuracies tell how good the network is on images by which
    /// its best epoch was picked.
    pub fn is_test(self) -> bool {
        self.hold_out == 0
    }

    /// How many of a data set's training `images` are held out.
    pub fn held_out(self, images: usize) -> usize {
        self.hold_out.min(images / 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_counts_epochs_since_the_best() {
        let rule = EarlyStopping {
            patience: 2,
            ..EarlyStopping::default()
        };
        assert!(!rule.is_over([], 0));
        assert!(!rule.is_over([0.5, 0.4, 0.6, 0.6], 0));
        assert!(rule.is_over([0.5, 0.4, 0.6, 0.6, 0.59], 0));
        assert!(!rule.is_over([0.5, 0.4, 0.4, 0.4], 3));
        assert!(rule.is_over([0.5, 0.4, 0.4, 0.4, 0.4], 3));
        assert!(!EarlyStopping::default().is_over([0.5; 100], 0));
    }

    #[test]
    fn a_small_set_keeps_three_quarters_to_train_on() {
        let usual = Validation::USUAL;
        assert_eq!(usual.held_out(60_000), 5_000);
        assert_eq!(usual.held_out(20_000), 5_000);
        assert_eq!(usual.held_out(4_000), 1_000);
        assert_eq!(usual.held_out(3), 0);
        assert_eq!(Validation::default().held_out(60_000), 0);
    }

    #[test]
    fn small_gains_do_not_count() {
        let rule = EarlyStopping {
            patience: 2,
            min_gain: 0.01,
            restore_best: false,
        };
        assert!(rule.is_over([0.5, 0.505, 0.509], 0));
        assert!(!rule.is_over([0.5, 0.505, 0.511], 0));
    }
}
