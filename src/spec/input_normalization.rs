//! What a network is given in place of grey levels.

use serde::{Deserialize, Serialize};

/// How pixels, 0 to 255, become a network's input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum InputNormalization {
    /// Mean 0 and standard deviation 1 over all training pixels.
    #[default]
    Standardize,
    /// Divided by 255: from 0 to 1.
    Scale,
    /// `(pixel / 255 − mean) / std`.
    Given {
        /// Of pixels from 0 to 1.
        mean: f64,
        /// Of pixels from 0 to 1.
        std: f64,
    },
}

impl InputNormalization {
    /// Every way, as an editor offers it.
    pub fn choices() -> Vec<Self> {
        let given = Self::Given {
            mean: 0.5,
            std: 0.5,
        };
        vec![Self::Standardize, Self::Scale, given]
    }
}
