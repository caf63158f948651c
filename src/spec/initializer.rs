//! Where weights start. Biases start at 0, batch norm at scale 1 and shift 0.

use serde::{Deserialize, Serialize};

/// Distribution of the first weights. `fan_in` and `fan_out` are the inputs and outputs a weight's
/// kernel connects: channels × kernel height × kernel width, or the units of a dense layer. All
/// weights are multiplied by `gain`, as in PyTorch's `torch.nn.init`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Initializer {
    /// Uniform in ±gain·√(6 / (fan_in + fan_out))
    /// (Glorot & Bengio 2010, <https://proceedings.mlr.press/v9/glorot10a.html>).
    XavierUniform {
        /// What the weights are multiplied by.
        #[serde(default = "unchanged")]
        gain: f64,
    },
    /// Normal with variance gain²·2 / (fan_in + fan_out) (same paper).
    XavierNormal {
        /// What the weights are multiplied by.
        #[serde(default = "unchanged")]
        gain: f64,
    },
    /// Uniform in ±gain·√(6 / fan_in) (He et al. 2015, <https://arxiv.org/abs/1502.01852>).
    HeUniform {
        /// What the weights are multiplied by.
        #[serde(default = "unchanged")]
        gain: f64,
    },
    /// Normal with variance gain²·2 / fan_in (same paper).
    HeNormal {
        /// What the weights are multiplied by.
        #[serde(default = "unchanged")]
        gain: f64,
    },
    /// Normal with mean 0.
    Normal {
        /// Standard deviation.
        std: f64,
    },
}

impl Initializer {
    /// What gives the tensor `weight` its first values in PyTorch: an expression.
    pub fn torch(&self) -> String {
        match self {
            Self::XavierUniform { gain } => {
                format!("nn.init.xavier_uniform_(weight, gain={gain:?})")
            }
            Self::XavierNormal { gain } => format!("nn.init.xavier_normal_(weight, gain={gain:?})"),
            Self::HeUniform { gain } => {
                format!("nn.init.kaiming_uniform_(weight, nonlinearity=\"relu\").mul_({gain:?})")
            }
            Self::HeNormal { gain } => {
                format!("nn.init.kaiming_normal_(weight, nonlinearity=\"relu\").mul_({gain:?})")
            }
            Self::Normal { std } => format!("nn.init.normal_(weight, std={std:?})"),
        }
    }

    /// The same as an initialiser of Keras.
    pub fn keras(&self) -> String {
        let scaled = |scale: f64, mode, distribution| {
            format!("keras.initializers.VarianceScaling({scale:?}, \"{mode}\", \"{distribution}\")")
        };
        match self {
            Self::XavierUniform { gain } => scaled(gain * gain, "fan_avg", "uniform"),
            Self::XavierNormal { gain } => scaled(gain * gain, "fan_avg", "untruncated_normal"),
            Self::HeUniform { gain } => scaled(2.0 * gain * gain, "fan_in", "uniform"),
            Self::HeNormal { gain } => scaled(2.0 * gain * gain, "fan_in", "untruncated_normal"),
            Self::Normal { std } => format!("keras.initializers.RandomNormal(stddev={std:?})"),
        }
    }
}

fn unchanged() -> f64 {
    1.0
}

impl Default for Initializer {
    fn default() -> Self {
        Self::XavierUniform { gain: unchanged() }
    }
}
