//! A model as plain data: the content of a model file.

use super::state::TensorState;
use crate::data::Normalization;
use crate::spec::CheckedSpec;

/// Everything of a model file but the tensors.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// What was trained, and how.
    pub spec: CheckedSpec,
    /// Name of the data set it was trained on.
    pub dataset: String,
    /// Names of the classes, in the order of the scores.
    pub class_names: Vec<String>,
    /// What pixels (scaled to 0…1) went through before the first layer.
    pub normalization: Normalization,
    /// Metrics of the epoch it was saved after; null before the first.
    pub metrics: serde_json::Value,
}

impl ModelInfo {
    /// The epoch after which the model was like this, if it was saved with its metrics.
    pub fn epoch(&self) -> Option<usize> {
        usize::try_from(self.metrics.get("epoch")?.as_u64()?).ok()
    }
}

/// A model at one moment, independent of the network that goes on training.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Everything but the tensors.
    pub info: ModelInfo,
    /// The tensors.
    pub state: Vec<TensorState>,
}
