//! Whether a network and a data set go together.

use super::TrainError;
use crate::data::Dataset;
use crate::spec::{Shape, Spec, Summary};

/// Checks the spec, and that its network takes the data's images and tells its classes apart.
///
/// # Errors
/// What does not fit.
pub fn check_fits(spec: &Spec, dataset: &Dataset) -> Result<Summary, TrainError> {
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
