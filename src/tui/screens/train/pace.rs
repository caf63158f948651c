//! How fast the run is and when it will be over.

use crate::tui::run_state::RunState;

/// Seconds over which the speed is measured.
const RECENT: f64 = 5.0;
/// Seconds and steps before the first estimate; an earlier one would be unsteady.
const WARM_UP: (f64, usize) = (3.0, 10);

/// Training images per second over the last seconds of training.
pub fn images_per_second(run: &RunState) -> Option<f64> {
    let last = run.batches.last();
    let earlier = last.and_then(|last| {
        let recent = |batch: &&crate::train::BatchReport| seconds_between(batch, last) <= RECENT;
        run.batches.iter().rev().take_while(recent).last()
    });
    if let (Some(earlier), Some(last)) = (earlier, last) {
        let seconds = last.seconds - earlier.seconds;
        // A few batches at the start of an epoch say less than the whole epoch before.
        if seconds > 0.5 || (seconds > 0.0 && run.epochs.is_empty()) {
            return Some(last.images.saturating_sub(earlier.images) as f64 / seconds);
        }
    }
    run.epochs
        .last()
        .map(|epoch| epoch.images_per_second)
        .filter(|rate| rate.is_finite() && *rate > 0.0)
}

fn seconds_between(earlier: &crate::train::BatchReport, later: &crate::train::BatchReport) -> f64 {
    later.seconds - earlier.seconds
}

/// Seconds until the run is over, once enough is known.
pub fn seconds_left(run: &RunState) -> Option<f64> {
    let (start, last) = (run.start.as_ref()?, run.batches.last()?);
    let done = run.epochs.len() * start.batches_per_epoch;
    let steps = done.max(last.epoch.saturating_sub(1) * start.batches_per_epoch + last.batch);
    if !run.is_active() || last.seconds < WARM_UP.0 || steps < WARM_UP.1 {
        return None;
    }
    let rate = images_per_second(run).filter(|rate| *rate > 0.0)?;
    let epochs = if run.phase == crate::tui::run_state::Phase::Finishing {
        last.epoch
    } else {
        run.spec.epochs
    };
    let total = (epochs as f64) * start.train_images as f64;
    let train = (total - last.images as f64).max(0.0);
    // Evaluating an image is the forward pass alone, about a third of a training step.
    let evaluations = epochs.saturating_sub(run.epochs.len()) as f64;
    let evaluate = evaluations * start.validation_images as f64 / 3.0;
    Some((train + evaluate) / rate)
}

/// Seconds of training per epoch, and whether that is an estimate.
pub fn seconds_per_epoch(run: &RunState) -> Option<(f64, bool)> {
    let recent = &run.epochs[run.epochs.len().saturating_sub(5)..];
    if !recent.is_empty() {
        let sum: f64 = recent.iter().map(|epoch| epoch.seconds).sum();
        return Some((sum / recent.len() as f64, false));
    }
    let images = run.start.as_ref()?.train_images as f64;
    images_per_second(run).map(|rate| (images / rate, true))
}
