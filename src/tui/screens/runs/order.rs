//! What the list of runs is sorted by.

use crate::train::best_epoch;
use crate::tui::run_state::PastRun;
use std::sync::Arc;

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
}

fn accuracy(run: &PastRun) -> f64 {
    best_epoch(&run.epochs).map_or(f64::NEG_INFINITY, |best| best.validation_accuracy)
}

/// Seconds of training.
pub fn seconds(run: &PastRun) -> f64 {
    run.epochs.iter().map(|epoch| epoch.seconds).sum()
}

/// The runs in the order they are shown; they come with the newest first. Runs without an epoch
/// stand last where their epochs are what counts.
pub fn sorted(runs: &[Arc<PastRun>], sort: Sort) -> Vec<&PastRun> {
    let mut runs: Vec<&PastRun> = runs.iter().map(AsRef::as_ref).collect();
    match sort {
        Sort::Newest => {}
        Sort::Accuracy => runs.sort_by(|a, b| accuracy(b).total_cmp(&accuracy(a))),
        Sort::Time => runs.sort_by(|a, b| {
            let none = |run: &PastRun| run.epochs.is_empty();
            none(a)
                .cmp(&none(b))
                .then(seconds(a).total_cmp(&seconds(b)))
        }),
    }
    runs
}
