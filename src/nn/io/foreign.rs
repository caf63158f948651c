//! Models that other programs have saved: tensors alone, of a network that is named, for images that are there.

use super::model_file::load_state_dict;
use super::snapshot::ModelInfo;
use crate::data::{Dataset, Normalization};
use crate::nn::{Model, ModelFileError};
use crate::spec::{CheckedSpec, InputNormalization};
use std::path::Path;

/// Another program's model.
pub struct ForeignModel {
    /// The network with its weights.
    pub model: Model,
    /// What the file does not say: it is that of the images.
    pub info: ModelInfo,
    /// How the tensors were told, in one line.
    pub how: String,
}

impl ForeignModel {
    /// Reads a safetensors state dict as a network of `spec` for the images of `dataset`.
    ///
    /// # Errors
    /// Those of [`load_state_dict`]; they name the layer that does not fit.
    pub fn load(path: &Path, spec: CheckedSpec, dataset: &Dataset) -> Result<Self, ModelFileError> {
        let (model, how) = load_state_dict(path, &spec)?;
        let class_names = match dataset.classes() == model.classes() {
            true => dataset.class_names.clone(),
            false => (0..model.classes())
                .map(|class| class.to_string())
                .collect(),
        };
        let info = ModelInfo {
            dataset: spec.dataset.clone(),
            class_names,
            normalization: dataset.normalization_for(spec.normalization),
            metrics: serde_json::Value::Null,
            spec,
        };
        Ok(Self { model, info, how })
    }

    /// How the spec standardises pixels, where it does not say by which numbers.
    pub fn assumed(&self) -> Option<Normalization> {
        let standardises = self.info.spec.normalization == InputNormalization::Standardize;
        standardises.then_some(self.info.normalization)
    }
}
