//! How many optimiser steps an epoch has, and the learning rate of each.

use super::EpochMetrics;
use crate::spec::Spec;

/// Optimiser steps in an epoch of `images` training images. The last batch may be smaller; a single
/// image left over is skipped when batches are larger, as batch norm cannot use it.
pub fn batches_per_epoch(images: usize, batch_size: usize) -> usize {
    let single_left = batch_size > 1 && images % batch_size == 1;
    images.div_ceil(batch_size) - usize::from(single_left)
}

/// The learning rate of optimiser step `step` (from 0): the schedule's at the middle of the step.
/// `epochs` are the complete ones.
pub fn learning_rate(
    spec: &Spec,
    step: u64,
    steps_per_epoch: usize,
    epochs: &[EpochMetrics],
) -> f64 {
    let time = (step as f64 + 0.5) / steps_per_epoch as f64;
    let losses = epochs.iter().map(|epoch| epoch.validation_loss);
    let (epochs, warmup) = (spec.epochs as f64, spec.warmup_epochs);
    spec.learning_rate * spec.schedule.factor(time, epochs, warmup, losses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_cover_every_image_but_a_single_last_one() {
        assert_eq!(batches_per_epoch(60_000, 128), 469);
        assert_eq!(batches_per_epoch(128, 64), 2);
        assert_eq!(batches_per_epoch(130, 64), 3);
        assert_eq!(batches_per_epoch(129, 64), 2);
        assert_eq!(batches_per_epoch(5, 1), 5);
        assert_eq!(batches_per_epoch(1, 64), 0);
        assert_eq!(batches_per_epoch(0, 64), 0);
    }
}
