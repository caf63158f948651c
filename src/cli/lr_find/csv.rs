//! The steps of a learning rate range test as a CSV file.

use crate::fs::write_atomically;
use crate::text::shown_path;
use crate::train::LrStep;
use color_eyre::eyre::{Result, WrapErr};
use std::path::Path;

/// Writes every step's learning rate and losses to `path`.
///
/// # Errors
/// When the file cannot be written.
pub fn write_csv(path: &Path, steps: &[LrStep]) -> Result<()> {
    let mut lines = String::from("learning_rate,loss,smoothed_loss\n");
    for step in steps {
        lines.push_str(&format!(
            "{:e},{},{}\n",
            step.learning_rate, step.loss, step.smoothed_loss
        ));
    }
    write_atomically(path, lines.as_bytes())
        .wrap_err_with(|| format!("{}: cannot write the steps", shown_path(path)))
}
