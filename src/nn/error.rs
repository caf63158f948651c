//! What can go wrong with tensors and model files.

use crate::text::shown_path;
use dfdx::tensor::CpuError;
use std::path::PathBuf;

/// A computation failed.
#[derive(Debug, thiserror::Error)]
pub enum NnError {
    /// dfdx could not allocate or shape a tensor.
    #[error("the tensor library failed: {0}; a smaller batch or network needs less memory")]
    Tensor(CpuError),
    /// A state belongs to other layers.
    #[error("the layers differ: {0}")]
    Layers(String),
    /// The values given are not what the network takes.
    #[error("{found} values were given where {expected} are needed: {what}")]
    Size {
        /// What the values are.
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

impl From<CpuError> for NnError {
    fn from(error: CpuError) -> Self {
        Self::Tensor(error)
    }
}

/// A model file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    /// The system refused.
    #[error("cannot {action} the model {path}: {source}", path = shown_path(.path))]
    Io {
        /// "read" or "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The content is not a model of ours.
    #[error("{path} is not a usable model: {reason}", path = shown_path(.path))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}
