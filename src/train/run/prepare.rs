//! What a run makes of its data before the first step.

use super::batches_per_epoch;
use crate::data::Dataset;
use crate::spec::Spec;
use crate::train::{TrainError, check_fits};
use std::borrow::Cow;

/// The data as a run uses it, and what follows from the two together.
pub struct Prepared<'a> {
    /// Where images are held out, these are the validation images, and the others are trained on.
    pub dataset: Cow<'a, Dataset>,
    /// Optimiser steps in an epoch, at least one.
    pub batches: usize,
    /// Numbers that the network learns.
    pub parameters: u64,
}

/// Holds images out where the spec asks for it, and checks that the others can be trained on.
///
/// # Errors
/// Too few images, or a spec that does not hold together or does not fit the data.
pub fn prepare<'a>(spec: &Spec, dataset: &'a Dataset) -> Result<Prepared<'a>, TrainError> {
    let dataset = held_out(dataset, spec.validation.hold_out)?;
    let parameters = check_fits(spec, &dataset)?.parameters();
    let images = dataset.train.len();
    let batches = batches_per_epoch(images, spec.batch_size);
    if batches == 0 {
        return Err(TrainError::TooFewImages {
            images,
            purpose: "a batch".into(),
        });
    }
    Ok(Prepared {
        dataset,
        batches,
        parameters,
    })
}

fn held_out(dataset: &Dataset, count: usize) -> Result<Cow<'_, Dataset>, TrainError> {
    let images = dataset.train.len();
    match count {
        0 => Ok(Cow::Borrowed(dataset)),
        _ if count < images => Ok(Cow::Owned(dataset.with_hold_out(count))),
        _ => Err(TrainError::TooFewImages {
            images,
            purpose: format!("training once {count} are held out (validation.hold_out)"),
        }),
    }
}

/// The data with as many training images as the run began with.
pub fn limited(dataset: &Dataset, train_images: usize) -> Cow<'_, Dataset> {
    if train_images < dataset.train.len() {
        let mut fewer = dataset.clone();
        fewer.limit_train(train_images);
        Cow::Owned(fewer)
    } else {
        Cow::Borrowed(dataset)
    }
}
