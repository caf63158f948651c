//! Whether a network fits a data set, and this machine's memory.

use super::memory::{MemoryNeed, available_memory};
use crate::data::Dataset;
use crate::spec::{CheckedSpec, Shape};
use crate::train::TrainError;

/// Checks that the spec's network takes the data's images and has a score for each of its classes,
/// and that training it fits into the machine's memory.
///
/// # Errors
/// What does not fit.
pub fn check_fits(spec: &CheckedSpec, dataset: &Dataset) -> Result<(), TrainError> {
    check_shapes(spec, dataset)?;
    let summary = spec.summary();
    let need = MemoryNeed::of_training(spec).with_data(dataset);
    need.check(summary, available_memory())
}

/// The same for a model that only evaluates the data's validation images.
///
/// # Errors
/// What does not fit.
pub fn check_fits_model(spec: &CheckedSpec, dataset: &Dataset) -> Result<(), TrainError> {
    check_shapes(spec, dataset)?;
    check_evaluation(spec, dataset.validation.len())
}

/// Checks that `images` images can be evaluated at once within the machine's memory.
///
/// # Errors
/// What it needs and what there is.
pub fn check_evaluation(spec: &CheckedSpec, images: usize) -> Result<(), TrainError> {
    let summary = spec.summary();
    MemoryNeed::of_evaluation(spec, images).check(summary, available_memory())
}

/// Checks that the layers of a model of `spec` can be looked into, with `images` images, within the machine's
/// memory.
///
/// # Errors
/// What it needs and what there is.
pub fn check_inspection(spec: &CheckedSpec, images: usize) -> Result<(), TrainError> {
    let summary = spec.summary();
    MemoryNeed::of_inspection(spec, images).check(summary, available_memory())
}

/// Checks that the network takes the data's images and has a score for each of its classes, whatever
/// memory that needs.
///
/// # Errors
/// What does not fit.
pub(crate) fn check_shapes(spec: &CheckedSpec, dataset: &Dataset) -> Result<(), TrainError> {
    check_classes(dataset)?;
    let shape = |channels, height, width| Shape::Image {
        channels,
        height,
        width,
    };
    let network = shape(spec.input.channels, spec.input.height, spec.input.width);
    let data = shape(dataset.channels(), dataset.height(), dataset.width());
    if network != data {
        return Err(TrainError::ImageSize {
            network: network.to_string(),
            dataset: dataset.name.clone(),
            data: data.to_string(),
        });
    }
    let classes = spec.summary().classes;
    if classes != dataset.classes() {
        return Err(TrainError::Classes {
            network: classes,
            dataset: dataset.name.clone(),
            data: dataset.classes(),
        });
    }
    Ok(())
}

/// Checks that the data has classes to tell apart.
///
/// # Errors
/// If it has one alone.
pub fn check_classes(dataset: &Dataset) -> Result<(), TrainError> {
    if dataset.classes() < 2 {
        let dataset = dataset.name.clone();
        return Err(TrainError::OneClass { dataset });
    }
    Ok(())
}
