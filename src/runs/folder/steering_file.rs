//! `steering.jsonl`: the changes of a run under way, a line each.

use super::file_names::STEERING_FILE;
use crate::fs::read_limited;
use crate::text::{escape_controls, shown_path};
use crate::train::Steered;
use std::path::Path;

/// Longer files are none of ours: a change takes a hundred bytes.
const MAX_BYTES: u64 = 8 << 20;

/// The content of the file after these changes.
///
/// # Errors
/// When a number cannot be written.
pub fn steering_lines(steering: &[Steered]) -> std::io::Result<String> {
    let mut lines = String::new();
    for steered in steering {
        lines.push_str(&serde_json::to_string(steered)?);
        lines.push('\n');
    }
    Ok(lines)
}

/// The changes of the run in `folder`; a file that is missing or damaged counts as none.
pub fn read_steering(folder: &Path) -> Vec<Steered> {
    let path = folder.join(STEERING_FILE);
    // Opening a pipe of this name would never end.
    match path.is_file() {
        true => read_steering_file(&path).unwrap_or_default(),
        false => Vec::new(),
    }
}

/// The changes in a file.
///
/// # Errors
/// A sentence with the file, the line and what is wrong.
pub fn read_steering_file(path: &Path) -> Result<Vec<Steered>, String> {
    let shown = shown_path(path);
    let bytes = read_limited(path, MAX_BYTES)
        .map_err(|error| format!("{shown}: cannot read the file: {error}"))?;
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(index, line)| {
            serde_json::from_slice(line).map_err(|error| {
                let problem = escape_controls(&error.to_string());
                format!(
                    "{shown}: line {}: {problem}; a line is {{\"step\":1407,\"set\":{{\"learning_rate\":0.01}}}}",
                    index + 1
                )
            })
        })
        .collect()
}
