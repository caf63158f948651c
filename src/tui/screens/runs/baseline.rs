//! How the runs of the list do beside the one that is pinned.

use super::order::seconds;
use crate::data::Dataset;
use crate::runs::Fold;
use crate::stats::standard_error;
use crate::tui::run_state::PastRun;
use crate::tui::shared::Shared;

/// Cells of the difference in accuracy with its error.
pub const ACCURACY: usize = 14;
/// Cells of the ratio of the times.
pub const TIME: usize = 8;

/// The run that is pinned, if it is listed.
pub fn pinned(shared: &Shared) -> Option<&PastRun> {
    let baseline = shared.baseline.as_ref()?;
    let runs = shared.past_runs.as_deref()?;
    let run = runs.iter().find(|run| run.path == *baseline)?;
    Some(run)
}

/// How much better the last epoch's validation accuracy is than the baseline's, in points, and the
/// standard error of that, as far as it is known.
///
/// The error is that of two sets of images, as the epochs alone tell nothing of single images; where both
/// were validated on the same images it is smaller, and the comparison of the two says how much.
pub fn accuracy(run: &PastRun, baseline: &PastRun, dataset: Option<&Dataset>) -> Option<String> {
    let last = |run: &PastRun| Some(run.epochs.last()?.validation_accuracy);
    let (own, other) = (last(run)?, last(baseline)?);
    let difference = 100.0 * (own - other);
    let error = |run: &PastRun, accuracy: f64| {
        let images = images(run, accuracy, dataset?)?;
        Some(standard_error(accuracy, images))
    };
    let errors = error(run, own).zip(error(baseline, other));
    Some(match errors {
        Some((own, other)) => format!("{difference:+.2} ±{:.2}", 100.0 * own.hypot(other)),
        None => format!("{difference:+.2}"),
    })
}

/// How much better several seeds are in the mean than the baseline, in points, and the standard error of that:
/// the baseline's from its images, the mean's from how far the seeds lie apart.
pub fn accuracy_of_fold(fold: &Fold, baseline: &PastRun) -> Option<String> {
    let (mean, other) = (fold.last()?, baseline.epochs.last()?.validation_accuracy);
    let difference = 100.0 * (mean.mean - other);
    let errors = mean.standard_error().zip(baseline.accuracy(other).error);
    Some(match errors {
        Some((own, other)) => format!("{difference:+.2} ±{:.2}", 100.0 * own.hypot(other)),
        None => format!("{difference:+.2}"),
    })
}

/// How many images a run was validated on, if it was on the data that is loaded: then an accuracy is a
/// whole number of them.
fn images(run: &PastRun, accuracy: f64, dataset: &Dataset) -> Option<usize> {
    let held_out = run.spec.as_ref().ok()?.validation;
    let images = match held_out.held_out(dataset.train.len()) {
        0 => dataset.validation.len(),
        count => count,
    };
    let right = accuracy * images as f64;
    ((right - right.round()).abs() < 1e-6).then_some(images)
}

/// The time of training as a multiple of the baseline's.
pub fn time(run: &PastRun, baseline: &PastRun) -> Option<String> {
    ratio(seconds(run), baseline)
}

/// So many seconds as a multiple of the baseline's.
pub fn ratio(seconds_of_run: f64, baseline: &PastRun) -> Option<String> {
    let ratio = seconds_of_run / seconds(baseline);
    (ratio > 0.0 && ratio.is_finite()).then(|| match ratio {
        100.0.. => format!("×{ratio:.0}"),
        10.0.. => format!("×{ratio:.1}"),
        _ => format!("×{ratio:.2}"),
    })
}
