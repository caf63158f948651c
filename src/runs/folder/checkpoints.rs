//! The checkpoints of a run folder.

use crate::fs::read_limited;
use crate::runs::checkpoint_file::parse_checkpoint;
use crate::text::shown_path;
use crate::train::{Checkpoint, TrainError};
use std::path::{Path, PathBuf};

const PREFIX: &str = "checkpoint-";
const ENDING: &str = ".ckpt";
/// No network within the spec's limits needs more.
const MAX_BYTES: u64 = 16 << 30;

/// The file of the checkpoint after `step` optimiser steps.
pub fn checkpoint_file(folder: &Path, step: u64) -> PathBuf {
    folder.join(format!("{PREFIX}{step:010}{ENDING}"))
}

/// The checkpoint files of a folder, the newest first.
pub fn checkpoint_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<(u64, PathBuf)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let step = checkpoint_step(&path)?;
            // Opening a pipe of this name would never end.
            if !path.is_file() {
                return None;
            }
            Some((step, path))
        })
        .collect();
    found.sort_by_key(|(step, _)| std::cmp::Reverse(*step));
    found.into_iter().map(|(_, path)| path).collect()
}

/// After how many optimiser steps the checkpoint of this name was made.
pub fn checkpoint_step(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let step = name.strip_prefix(PREFIX)?.strip_suffix(ENDING)?;
    step.parse().ok()
}

/// Removes all checkpoints but the newest.
///
/// # Errors
/// What the system says, with the file.
pub fn remove_all_but_newest(folder: &Path) -> Result<(), TrainError> {
    let older = checkpoint_files(folder).into_iter().skip(1);
    older.into_iter().try_for_each(|path| remove(&path))
}

/// Removes a checkpoint.
///
/// # Errors
/// What the system says, with the file.
pub fn remove(path: &Path) -> Result<(), TrainError> {
    std::fs::remove_file(path).map_err(|source| TrainError::Write {
        path: path.to_owned(),
        doing: "cannot remove the old checkpoint",
        source,
    })
}

/// Reads the checkpoint of a run folder after `epochs` complete epochs, or the newest whole one.
///
/// # Errors
/// When there is none; the error names the epochs there are.
pub fn read_after(folder: &Path, epochs: Option<usize>) -> Result<Checkpoint, TrainError> {
    let newest = read_newest(folder)?.checkpoint;
    let Some(epochs) = epochs else {
        return Ok(newest);
    };
    let batches = newest.steps_per_epoch();
    let of_epoch = |path: &PathBuf| {
        let step = checkpoint_step(path)?;
        (step > 0 && step % batches == 0).then(|| (step / batches, path.clone()))
    };
    let files = checkpoint_files(folder);
    let kept: Vec<(u64, PathBuf)> = files.iter().rev().filter_map(of_epoch).collect();
    let failed = |reason: String| TrainError::NothingToResume {
        path: folder.to_owned(),
        reason,
    };
    match kept.iter().find(|(epoch, _)| *epoch == epochs as u64) {
        Some((_, path)) => read(path)
            .map_err(|reason| failed(format!("{} cannot be used: {reason}", shown_path(path)))),
        None => {
            let numbers: Vec<String> = kept.iter().map(|(epoch, _)| epoch.to_string()).collect();
            Err(failed(format!(
                "it has no checkpoint after epoch {epochs} any more; there are those after epochs {}",
                numbers.join(", ")
            )))
        }
    }
}

/// A checkpoint read back, with a notice if it is not the newest.
#[derive(Debug)]
pub struct Found {
    /// The newest that is whole.
    pub checkpoint: Checkpoint,
    /// Why newer ones could not be used.
    pub notice: Option<String>,
}

/// Reads the newest whole checkpoint of a run folder.
///
/// # Errors
/// When there is none; the error names what was wrong with the newest.
pub fn read_newest(folder: &Path) -> Result<Found, TrainError> {
    let mut first_failure = None;
    for path in checkpoint_files(folder) {
        match read(&path) {
            Ok(checkpoint) => {
                let notice = first_failure.map(|failure| {
                    format!("{failure}; the run goes on from the checkpoint before it")
                });
                return Ok(Found { checkpoint, notice });
            }
            Err(reason) => {
                tracing::warn!("{}: {reason}", shown_path(&path));
                first_failure.get_or_insert_with(|| {
                    format!("{} cannot be used: {reason}", shown_path(&path))
                });
            }
        }
    }
    let no_checkpoint = || match std::fs::read_dir(folder) {
        Ok(_) => "it holds no checkpoint".to_owned(),
        Err(error) => format!("it cannot be read: {error}"),
    };
    Err(TrainError::NothingToResume {
        path: folder.to_owned(),
        reason: first_failure.unwrap_or_else(no_checkpoint),
    })
}

fn read(path: &Path) -> Result<Checkpoint, String> {
    let bytes = read_limited(path, MAX_BYTES).map_err(|error| error.to_string())?;
    parse_checkpoint(&bytes, path)
}
