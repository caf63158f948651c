//! The data as a run uses it: cut to size, with images held out.

use super::steps::batches_per_epoch;
use super::{TrainError, check_fits};
use crate::data::{Dataset, Split};
use crate::spec::CheckedSpec;
use std::borrow::Cow;
use std::sync::Arc;

/// The images of a run.
pub struct TrainingData<'a> {
    /// Where images are held out, these are the validation images, and the others are trained on.
    pub dataset: Cow<'a, Dataset>,
    /// The data's own validation images, where others validate: evaluated once, at the end.
    pub test: Option<Arc<Split>>,
    /// Optimiser steps in an epoch, at least one.
    pub batches: usize,
}

impl<'a> TrainingData<'a> {
    /// Holds images out where the spec says so, and checks that the others can be trained on.
    /// `images` limits the training images that remain; a resumed run has as many as it began
    /// with.
    ///
    /// # Errors
    /// Too few images, or a spec that does not fit the data or the machine's memory.
    pub fn prepare(
        spec: &CheckedSpec,
        dataset: &'a Dataset,
        images: Option<usize>,
    ) -> Result<Self, TrainError> {
        let held_out = spec.validation.hold_out;
        let whole = match images {
            Some(images) => limited(dataset, images.saturating_add(held_out)),
            None => Cow::Borrowed(dataset),
        };
        let test = (held_out > 0).then(|| Arc::clone(&whole.validation));
        let dataset = hold_out(whole, held_out)?;
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
        0 => Ok(dataset),
        _ if count < images => Ok(Cow::Owned(dataset.with_hold_out(count))),
        _ => Err(TrainError::TooFewImages {
            images,
            purpose: format!("training once {count} are held out (validation.hold_out)"),
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
