//! In which numbers a network is trained.

use serde::{Deserialize, Serialize};

/// The numbers that products are made of while a network is trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32-bit floats throughout.
    #[default]
    F32,
    /// Mixed precision: the operands of products are rounded to bf16, the upper half of an f32; sums
    /// and the master weights stay f32 (Micikevicius et al. 2018, <https://arxiv.org/abs/1710.03740>;
    /// with bf16: Kalamkar et al. 2019, <https://arxiv.org/abs/1905.12322>).
    Bf16,
    /// The faster of the two on the machine where a run begins, as a measurement there shows.
    Auto,
}

impl Precision {
    /// Every precision.
    pub const ALL: [Self; 3] = [Self::F32, Self::Bf16, Self::Auto];

    /// Its name as JSON and the command line spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::Auto => "auto",
        }
    }

    /// What it means in a few words, short enough to stand beside the name in a form.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::F32 => "32-bit floats throughout",
            Self::Bf16 => "bf16 factors, f32 sums and weights",
            Self::Auto => "bf16 where it is faster here",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_spells_the_names() {
        for precision in Precision::ALL {
            let json = serde_json::to_value(precision).unwrap();
            assert_eq!(json, precision.name());
        }
    }
}
