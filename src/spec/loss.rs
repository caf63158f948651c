//! What training minimises.

use serde::{Deserialize, Serialize};

/// The loss, averaged over the batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Loss {
    /// `-Σ target · log softmax(logits)`, in nats.
    SoftmaxCrossEntropy {
        /// Share of the target spread evenly over all classes
        /// (Szegedy et al. 2016, <https://arxiv.org/abs/1512.00567>).
        #[serde(default)]
        label_smoothing: f64,
    },
}

impl Default for Loss {
    fn default() -> Self {
        Self::SoftmaxCrossEntropy {
            label_smoothing: 0.0,
        }
    }
}
