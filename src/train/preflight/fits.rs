//! Whether a network, a data set and this machine go together.

use super::memory::{MemoryNeed, available_memory};
use crate::data::Dataset;
use crate::spec::{Shape, Spec, Summary};
use crate::train::TrainError;

/// Checks the spec, that its network takes the data's images and tells its classes apart, and that
/// training it fits into the machine's memory.
///
/// # Errors
/// What does not fit.
pub fn check_fits(spec: &Spec, dataset: &Dataset) -> Result<Summary, TrainError> {
    let summary = check_shapes(spec, dataset)?;
    let need = MemoryNeed::of_training(spec, &summary).with_data(dataset);
    need.check(&summary, available_memory())?;
    Ok(summary)
}

/// The same for a model that is only to be asked about the data's validation images.
///
/// # Errors
/// What does not fit.
pub fn check_fits_model(spec: &Spec, dataset: &Dataset) -> Result<Summary, TrainError> {
    let summary = check_shapes(spec, dataset)?;
    check_evaluation(spec, &summary, dataset.validation.len())?;
    Ok(summary)
}

/// Whether `images` images can be evaluated at once within the machine's memory.
///
/// # Errors
/// What it needs and what there is.
pub fn check_evaluation(spec: &Spec, summary: &Summary, images: usize) -> Result<(), TrainError> {
    MemoryNeed::of_evaluation(spec, summary, images).check(summary, available_memory())
}

/// The same without a look at the memory: whether the network takes the data's images and tells its
/// classes apart.
///
/// # Errors
/// What does not fit.
pub(crate) fn check_shapes(spec: &Spec, dataset: &Dataset) -> Result<Summary, TrainError> {
    let summary = spec.check()?;
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
    if summary.classes != dataset.classes() {
        return Err(TrainError::Classes {
            network: summary.classes,
            dataset: dataset.name.clone(),
            data: dataset.classes(),
        });
    }
    Ok(summary)
}
