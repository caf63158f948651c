//! The data as a run uses it: cut to size, with images held out.

use super::steps::batches_per_epoch;
use super::{DataIdentity, TrainError, check_fits};
use crate::data::{Dataset, Split, shuffled_order};
use crate::spec::CheckedSpec;
use std::borrow::Cow;
use std::sync::Arc;

/// The images of a run.
pub struct TrainingData<'a> {
    /// Where images are held out, these are the validation images, and the others are trained on.
    pub dataset: Cow<'a, Dataset>,
    /// The data's own validation images, where others validate: evaluated once, at the end.
    pub test: Option<Arc<Split>>,
    /// Positions of the training images that are evaluated after each epoch too, in ascending order: all
    /// of them, or 10,000 that depend on their number alone.
    pub seen_again: Vec<u32>,
    /// Optimiser steps in an epoch, at least one.
    pub batches: usize,
}

/// Seed of the choice of the training images that are evaluated; it never changes.
const SEEN_AGAIN: u64 = 0x7365_656e;

/// Most training images that are evaluated after an epoch.
const MOST_SEEN_AGAIN: usize = 10_000;

/// How many of so many training `images` are evaluated after each epoch.
pub fn seen_again_images(images: usize) -> usize {
    images.min(MOST_SEEN_AGAIN)
}

/// The positions of the training images that are evaluated after each epoch, of so many `images`.
pub fn seen_again(images: usize) -> Vec<u32> {
    let mut chosen = shuffled_order(images, SEEN_AGAIN, 0);
    chosen.truncate(seen_again_images(images));
    chosen.sort_unstable();
    chosen
}

impl<'a> TrainingData<'a> {
    /// Holds images out where the spec says so, and checks that the others can be trained on. A run
    /// that is resumed has the images of `began_with`.
    ///
    /// # Errors
    /// Too few images, or a spec that does not fit the data or the machine's memory.
    pub fn prepare(
        spec: &CheckedSpec,
        dataset: &'a Dataset,
        began_with: Option<&DataIdentity>,
    ) -> Result<Self, TrainError> {
        let holds_out = spec.validation.hold_out > 0;
        let (whole, held_out) = match began_with {
            Some(began_with) => {
                let held_out = if holds_out {
                    began_with.validation_images
                } else {
                    0
                };
                let images = began_with.train_images.saturating_add(held_out);
                (limited(dataset, images), held_out)
            }
            None => {
                let held_out = spec.validation.held_out(dataset.train.len());
                (Cow::Borrowed(dataset), held_out)
            }
        };
        let test = holds_out.then(|| Arc::clone(&whole.validation));
        let dataset = match holds_out {
            true => hold_out(whole, held_out)?,
            false => whole,
        };
        check_fits(spec, &dataset)?;
        let images = dataset.train.len();
        let batches = batches_per_epoch(images, spec.batch_size);
        if batches == 0 {
            return Err(TrainError::TooFewImages {
                images,
                purpose: "a batch".into(),
            });
        }
        Ok(Self {
            seen_again: seen_again(images),
            dataset,
            test,
            batches,
        })
    }
}

/// The data with `count` of its training images in place of its validation images.
fn hold_out(dataset: Cow<'_, Dataset>, count: usize) -> Result<Cow<'_, Dataset>, TrainError> {
    let images = dataset.train.len();
    match count {
        1.. if count < images => Ok(Cow::Owned(dataset.with_hold_out(count))),
        _ => Err(TrainError::TooFewImages {
            images,
            purpose: "holding a quarter of them out to validate with (validation.hold_out)".into(),
        }),
    }
}

/// The data with at most `train_images` training images.
fn limited(dataset: &Dataset, train_images: usize) -> Cow<'_, Dataset> {
    if train_images < dataset.train.len() {
        let mut fewer = dataset.clone();
        fewer.limit_train(train_images);
        Cow::Owned(fewer)
    } else {
        Cow::Borrowed(dataset)
    }
}
