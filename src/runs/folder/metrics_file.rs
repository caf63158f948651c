//! `metrics.jsonl`: a line an epoch.

use super::file_names::METRICS_FILE;
use crate::fs::read_limited;
use crate::text::{escape_controls, shown_path};
use crate::train::EpochMetrics;
use std::io::ErrorKind;
use std::path::Path;

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
    parse(bytes).0
}

/// The epochs of the run in `folder`, as far as they can be read.
pub fn read_metrics(folder: &Path) -> Vec<EpochMetrics> {
    read_metrics_strictly(folder).0
}

/// The epochs of the run in `folder` as far as they can be read, and a sentence that names the file, and
/// the line, where that is not all of them.
pub fn read_metrics_strictly(folder: &Path) -> (Vec<EpochMetrics>, Result<(), String>) {
    let path = folder.join(METRICS_FILE);
    let shown = shown_path(&path);
    // Opening a pipe of this name would never end.
    let is_file = std::fs::metadata(&path).map(|metadata| metadata.is_file());
    let problem = match is_file {
        Ok(true) => None,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Some(error.to_string()),
        _ => Some("there is no such file".into()),
    };
    if let Some(problem) = problem {
        let problem =
            format!("{shown}: {problem}; give the folder that `train` left its results in");
        return (Vec::new(), Err(problem));
    }
    match read_limited(&path, MAX_BYTES) {
        Ok(bytes) => {
            let (epochs, problem) = parse(&bytes);
            let problem = problem.map(|problem| format!("{shown}: {problem}"));
            (epochs, problem.map_or(Ok(()), Err))
        }
        Err(error) => {
            let problem = format!("{shown}: cannot read the file: {error}");
            (Vec::new(), Err(problem))
        }
    }
}

/// The epochs up to the first line that cannot be read, and what is wrong with that line.
fn parse(bytes: &[u8]) -> (Vec<EpochMetrics>, Option<String>) {
    let mut epochs = Vec::new();
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    for (index, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice(line) {
            Ok(metrics) => epochs.push(metrics),
            Err(error) => {
                let problem = format!(
                    "line {} cannot be read ({}); take it and what follows out of a copy of the \
                     folder to use the epochs before it",
                    index + 1,
                    escape_controls(&error.to_string())
                );
                return (epochs, Some(problem));
            }
        }
    }
    (epochs, None)
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
            train_eval_loss: None,
            train_eval_accuracy: None,
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
        assert_eq!(
            read_metrics_strictly(folder.path()),
            (epochs.to_vec(), Ok(()))
        );
        std::fs::write(&path, cut).unwrap();
        let (read, whole) = read_metrics_strictly(folder.path());
        assert_eq!(read, epochs[..1]);
        let error = whole.unwrap_err();
        assert!(error.contains("metrics.jsonl: line 2"), "{error}");
        std::fs::remove_file(&path).unwrap();
        assert!(read_metrics_strictly(folder.path()).1.is_err());
    }
}
