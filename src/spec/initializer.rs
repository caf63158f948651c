//! Where weights start. Biases start at 0, batch norm at scale 1 and shift 0.

use serde::{Deserialize, Serialize};

/// Distribution of the first weights. `fan_in` and `fan_out` are the inputs and outputs a weight's
/// kernel connects: channels × kernel height × kernel width, or the units of a dense layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Initializer {
    /// Uniform in ±√(6 / (fan_in + fan_out))
    /// (Glorot & Bengio 2010, <https://proceedings.mlr.press/v9/glorot10a.html>).
    #[default]
    XavierUniform,
    /// Normal with variance 2 / (fan_in + fan_out) (same paper).
    XavierNormal,
    /// Uniform in ±√(6 / fan_in) (He et al. 2015, <https://arxiv.org/abs/1502.01852>).
    HeUniform,
    /// Normal with variance 2 / fan_in (same paper).
    HeNormal,
    /// Normal with mean 0.
    Normal {
        /// Standard deviation.
        std: f64,
    },
}
