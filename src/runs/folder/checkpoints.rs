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
            let name = path.file_name()?.to_str()?;
            let step = name.strip_prefix(PREFIX)?.strip_suffix(ENDING)?;
            // Opening a pipe of this name would never end.
            if !path.is_file() {
                return None;
            }
            Some((step.parse().ok()?, path))
        })
        .collect();
    found.sort_by_key(|(step, _)| std::cmp::Reverse(*step));
    found.into_iter().map(|(_, path)| path).collect()
}

/// Removes all checkpoints but the last `kept`.
///
/// # Errors
/// What the system says, with the file.
pub fn remove_old(folder: &Path, kept: usize) -> Result<(), TrainError> {
    for path in checkpoint_files(folder).into_iter().skip(kept) {
        std::fs::remove_file(&path).map_err(|source| TrainError::Write {
            path,
            doing: "cannot remove the old checkpoint",
            source,
        })?;
    }
    Ok(())
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
