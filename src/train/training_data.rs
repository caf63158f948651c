//! The data as a run uses it: cut to size, with images held out.

use super::steps::batches_per_epoch;
use super::{DataIdentity, TrainError, check_fits};
use crate::data::{Dataset, Exclusions, ExclusionsError, Split, shuffled_order};
use crate::spec::{CheckedSpec, Spec};
use std::borrow::Cow;
use std::path::Path;
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
    /// The training images that the spec's list leaves out.
    pub excluded: Exclusions,
    /// Optimiser steps in an epoch, at least one.
    pub batches: usize,
}

/// The images that a run began with.
#[derive(Clone, Copy, Debug)]
pub struct BeganWith<'a> {
    /// Those that it sees.
    pub data: &'a DataIdentity,
    /// The training images that were left out, in ascending order.
    pub excluded: &'a [u32],
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
    /// Holds images out and leaves images out where the spec says so, and checks that the others can be trained
    /// on. A run that is resumed has the images of `began_with`.
    ///
    /// # Errors
    /// Too few images, a list of images to leave out that cannot be used, or a spec that does not fit the data
    /// or the machine's memory.
    pub fn prepare(
        spec: &CheckedSpec,
        dataset: &'a Dataset,
        began_with: Option<BeganWith<'_>>,
    ) -> Result<Self, TrainError> {
        let holds_out = spec.validation.hold_out > 0;
        let (whole, excluded) = match began_with {
            Some(BeganWith { data, excluded }) => {
                let held_out = if holds_out { data.validation_images } else { 0 };
                let parts = [data.train_images, held_out, excluded.len()];
                let images = parts.into_iter().fold(0, usize::saturating_add);
                let excluded = Exclusions::sorted(excluded.to_vec()).unwrap_or_default();
                (limited(dataset, images), excluded)
            }
            None => (Cow::Borrowed(dataset), excluded(spec, dataset)?),
        };
        let held_out = match (began_with, excluded.images()) {
            // Whatever the share was that was held out when the run began.
            (Some(began), []) => began.data.validation_images,
            _ => spec.validation.held_out(whole.train.len()),
        };
        let test = holds_out.then(|| Arc::clone(&whole.validation));
        let dataset = divided(whole, holds_out.then_some(held_out), &excluded)?;
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
            excluded,
            dataset,
            test,
            batches,
        })
    }
}

/// The identity of the images that a run of `spec` takes from `dataset`. A list of images to leave out counts with
/// its content, so that one that changes later gives another identity.
///
/// # Errors
/// A list that cannot be used.
pub fn identity_for(spec: &Spec, dataset: &Dataset) -> Result<DataIdentity, TrainError> {
    let rest = divided(Cow::Borrowed(dataset), None, &excluded(spec, dataset)?)?;
    Ok(DataIdentity::of(&rest))
}

/// The images that the spec's list leaves out of the data.
fn excluded(spec: &Spec, dataset: &Dataset) -> Result<Exclusions, ExclusionsError> {
    if spec.exclude.is_empty() {
        return Ok(Exclusions::default());
    }
    let list = Exclusions::read(Path::new(&spec.exclude), dataset.source_images)?;
    Ok(list.below(dataset.train.len()))
}

/// The data without the images that are left out, and with `held_out` training images in place of its validation
/// images, if any are to be.
fn divided<'a>(
    dataset: Cow<'a, Dataset>,
    held_out: Option<usize>,
    excluded: &Exclusions,
) -> Result<Cow<'a, Dataset>, TrainError> {
    let images = dataset.train.len();
    let too_few = |images, purpose: &str| TrainError::TooFewImages {
        images,
        purpose: purpose.into(),
    };
    if held_out.is_some_and(|count| count == 0 || count >= images) {
        let purpose = "holding a quarter of them out to validate with (validation.hold_out)";
        return Err(too_few(images, purpose));
    }
    if held_out.is_none() && excluded.images().is_empty() {
        return Ok(dataset);
    }
    let divided = dataset.divided(held_out, excluded);
    if held_out.is_some() && divided.validation.is_empty() {
        let purpose =
            "validation: the list of images to leave out (exclude) names all that are held out";
        return Err(too_few(0, purpose));
    }
    Ok(Cow::Owned(divided))
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
