//! The validation image that a command looks at.

use super::errors::Usage;
use crate::data::Split;

/// Which validation image.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct ImageIndex {
    /// Position of a validation image, counted from 0
    #[arg(long, value_name = "N")]
    pub index: usize,
}

impl ImageIndex {
    /// The position, if there is such an image.
    pub fn of(self, split: &Split) -> Result<usize, Usage> {
        match split.len() {
            0 => Err(Usage("the data has no validation images".into())),
            images if self.index < images => Ok(self.index),
            images => Err(Usage(format!(
                "--index {}: the validation images are numbered 0 to {}",
                self.index,
                images - 1
            ))),
        }
    }
}
