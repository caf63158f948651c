//! The two splits of a data set.

use crate::data::{Dataset, Split};

/// A split of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The images to train on.
    Training,
    /// The images to validate with.
    Validation,
}

impl Part {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Training, Self::Validation];

    /// `training` or `validation`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Validation => "validation",
        }
    }

    /// Its images.
    pub fn split(self, dataset: &Dataset) -> &Split {
        match self {
            Self::Training => &dataset.train,
            Self::Validation => &dataset.validation,
        }
    }
}
