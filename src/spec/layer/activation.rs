//! The elementwise functions.

use super::super::limit::Limit;
use serde::{Deserialize, Serialize};

/// The elementwise function of an activation layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ActivationFunction {
    /// `max(x, 0)`.
    #[default]
    ReLU,
    /// `x` where positive, else `slope * x` (Maas et al. 2013).
    LeakyReLU {
        /// Slope for negative inputs.
        #[serde(default = "default_slope")]
        slope: f64,
    },
    /// `x` where positive, else `alpha * (exp(x) - 1)` (<https://arxiv.org/abs/1511.07289>).
    ELU {
        /// Minus the limit for very negative inputs.
        #[serde(default = "default_alpha")]
        alpha: f64,
    },
    /// `x * Φ(x)`, Φ the normal distribution function (<https://arxiv.org/abs/1606.08415>).
    GELU,
    /// `x * sigmoid(x)` (<https://arxiv.org/abs/1710.05941>).
    SiLU,
    /// Hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
}

impl ActivationFunction {
    /// Every function, with values that often fit.
    pub fn choices() -> Vec<Self> {
        vec![
            Self::ReLU,
            Self::LeakyReLU { slope: 0.01 },
            Self::ELU { alpha: 1.0 },
            Self::GELU,
            Self::SiLU,
            Self::Tanh,
            Self::Sigmoid,
        ]
    }

    /// The values that the number `field` of the function `name` may have.
    pub(super) fn limit(name: &str, field: &str) -> Option<Limit> {
        Some(match (name, field) {
            ("LeakyReLU", "slope") => Limit::Real(0.0, 1.0),
            ("ELU", "alpha") => Limit::Real(0.0, 10.0),
            _ => return None,
        })
    }
}

impl std::fmt::Display for ActivationFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ReLU => f.write_str("ReLU"),
            Self::LeakyReLU { slope } => write!(f, "LeakyReLU {slope}"),
            Self::ELU { alpha } => write!(f, "ELU {alpha}"),
            Self::GELU => f.write_str("GELU"),
            Self::SiLU => f.write_str("SiLU"),
            Self::Tanh => f.write_str("Tanh"),
            Self::Sigmoid => f.write_str("Sigmoid"),
        }
    }
}

fn default_slope() -> f64 {
    0.01
}

fn default_alpha() -> f64 {
    1.0
}
