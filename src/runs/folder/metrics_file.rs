//! `metrics.jsonl`: a line an epoch.

use crate::fs::read_bounded;
use crate::text::{escape_controls, shown_path};
use crate::train::EpochMetrics;
use std::path::Path;

/// The file's name.
pub const METRICS_FILE: &str = "metrics.jsonl";

/// A longer file is not one of ours: 10,000 epochs take 3 MB.
const MAX_BYTES: u64 = 8 << 20;

/// The content of the file after these epochs.
///
/// # Errors
/// When a number cannot be written.
pub fn to_lines(epochs: &[EpochMetrics]) -> std::io::Result<String> {
    let mut lines = String::new();
    for metrics in epochs {
        lines.push_str(&serde_json::to_string(metrics)?);
        lines.push('\n');
    }
    Ok(lines)
}

/// The epochs in a file's content; a line that cannot be read ends the list.
pub fn parse_metrics(bytes: &[u8]) -> Vec<EpochMetrics> {
    bytes
        .split(|byte| *byte == b'\n')
        .map_while(|line| serde_json::from_slice(line).ok())
        .collect()
}

/// The epochs of the run in `folder`, as far as they can be read.
pub fn read_metrics(folder: &Path) -> Vec<EpochMetrics> {
    let path = folder.join(METRICS_FILE);
    // Opening a pipe of this name would never end.
    if !path.is_file() {
        return Vec::new();
    }
    read_bounded(&path, MAX_BYTES).map_or_else(|_| Vec::new(), |bytes| parse_metrics(&bytes))
}

/// The epochs of the run in `folder`, all of them: for work that must not quietly leave some out.
///
/// # Errors
/// A sentence that names the file, and the line that cannot be read.
pub fn read_all_metrics(folder: &Path) -> Result<Vec<EpochMetrics>, String> {
    let path = folder.join(METRICS_FILE);
    let shown = shown_path(&path);
    // Opening a pipe of this name would never end.
    if !path.is_file() {
        return Err(format!(
            "{shown}: there is no such file; give the folder that `train` left its results in"
        ));
    }
    let bytes = read_bounded(&path, MAX_BYTES)
        .map_err(|error| format!("{shown}: cannot read the file: {error}"))?;
    let lines = bytes.split(|byte| *byte == b'\n');
    let filled = lines
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty());
    filled
        .map(|(index, line)| {
            serde_json::from_slice(line).map_err(|error| {
                format!(
                    "{shown}: line {} cannot be read ({}); take it and what follows out of a copy of \
                     the folder to use the epochs before it",
                    index + 1,
                    escape_controls(&error.to_string())
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_as_far_as_it_is_whole() {
        let metrics = |epoch| EpochMetrics {
            epoch,
            train_loss: 0.1 + 0.2,
            train_accuracy: 0.5,
            validation_loss: 1.0,
            validation_accuracy: 0.6,
            learning_rate: 0.1,
            seconds: 1.0,
            images_per_second: 10.0,
        };
        let epochs = [metrics(1), metrics(2)];
        let lines = to_lines(&epochs).unwrap();
        assert_eq!(parse_metrics(lines.as_bytes()), epochs);
        let cut = &lines.as_bytes()[..lines.len() - 5];
        assert_eq!(parse_metrics(cut), epochs[..1]);
        assert_eq!(parse_metrics(b"\xff\xfe"), []);

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(METRICS_FILE);
        std::fs::write(&path, &lines).unwrap();
        assert_eq!(read_all_metrics(folder.path()).unwrap(), epochs);
        std::fs::write(&path, cut).unwrap();
        let error = read_all_metrics(folder.path()).unwrap_err();
        assert!(error.contains("metrics.jsonl: line 2"), "{error}");
        std::fs::remove_file(&path).unwrap();
        assert!(read_all_metrics(folder.path()).is_err());
    }
}
