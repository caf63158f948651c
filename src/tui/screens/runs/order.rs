//! What the list of runs is sorted by.

use crate::runs::Fold;
use crate::train::best_epoch;
use crate::tui::run_state::PastRun;

/// What the runs are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The newest first; a folder's name begins with its time.
    #[default]
    Newest,
    /// The best validation accuracy first.
    Accuracy,
    /// The shortest training time first.
    Time,
}

impl Sort {
    /// The order after this one.
    pub fn next(self) -> Self {
        match self {
            Self::Newest => Self::Accuracy,
            Self::Accuracy => Self::Time,
            Self::Time => Self::Newest,
        }
    }

    /// What the status line calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Newest => "age, the newest first",
            Self::Accuracy => "best validation accuracy",
            Self::Time => "training time, the shortest first",
        }
    }

    /// Puts runs, which come with the newest first, in this order; of several seeds their means count. Runs
    /// without an epoch stand last where their epochs are what counts.
    pub fn apply(self, folds: &mut [Fold]) {
        match self {
            Self::Newest => {}
            Self::Accuracy => folds.sort_by(|a, b| {
                let accuracy = |fold| mean(fold, accuracy).unwrap_or(f64::NEG_INFINITY);
                accuracy(b).total_cmp(&accuracy(a))
            }),
            Self::Time => folds.sort_by(|a, b| {
                let time = |fold| mean_seconds(fold).unwrap_or(f64::INFINITY);
                time(a).total_cmp(&time(b))
            }),
        }
    }
}

fn accuracy(run: &PastRun) -> Option<f64> {
    Some(best_epoch(&run.epochs)?.validation_accuracy)
}

/// Seconds of training.
pub fn seconds(run: &PastRun) -> f64 {
    run.epochs.iter().map(|epoch| epoch.seconds).sum()
}

/// Seconds of training of those that have an epoch, in the mean.
pub fn mean_seconds(fold: &Fold) -> Option<f64> {
    mean(fold, |run| (!run.epochs.is_empty()).then(|| seconds(run)))
}

/// The mean over the runs that have such a value.
fn mean(fold: &Fold, of: impl Fn(&PastRun) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = fold.runs.iter().filter_map(|run| of(run)).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
