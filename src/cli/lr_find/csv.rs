//! The steps of a learning rate range test as a CSV file.

use crate::cli::output::{Written, write_to};
use crate::train::LrStep;
use color_eyre::eyre::Result;
use std::path::Path;

/// Writes every step's learning rate and losses to `path`.
///
/// # Errors
/// When the file cannot be written.
pub fn write_csv(path: &Path, steps: &[LrStep]) -> Result<Written> {
    let mut lines = String::from("learning_rate,loss,smoothed_loss\n");
    for step in steps {
        lines.push_str(&format!(
            "{:e},{},{}\n",
            step.learning_rate, step.loss, step.smoothed_loss
        ));
    }
    write_to(path, lines.as_bytes(), "the steps")
}
