//! The folder a run leaves behind: `spec.json`, `metrics.jsonl`, `model.safetensors` (the last epoch),
//! `best.safetensors`, the last two checkpoints, and `test.json` where images were held out.

mod checkpoints;
mod delete;
mod lock;
mod metrics_file;
mod place;
#[cfg(test)]
mod tests;

use crate::fs::read_bounded;
use crate::fs::{write_atomically, write_parts_atomically};
use crate::nn::{self, Snapshot};
use crate::spec::Spec;
use crate::train::{Checkpoint, Scores, TestScores, TrainError};
pub use checkpoints::{Found, checkpoint_files, read_newest};
pub use delete::delete_run;
use lock::Lock;
pub use metrics_file::{METRICS_FILE, parse_metrics, read_all_metrics, read_metrics};
pub use place::{RunPlace, resume_command};
use std::io::ErrorKind::{QuotaExceeded, StorageFull};
use std::path::{Path, PathBuf};

/// The folder of a run under way. No other process can open it meanwhile.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    lock: Lock,
    /// The epoch whose model `best.safetensors` is known to hold.
    best_written: Option<usize>,
}

/// What a run folder is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// Where the run is; its spec and its metrics get files of their own as well.
    pub checkpoint: &'a Checkpoint,
    /// The model after the last complete epoch, if that is where the run is.
    pub model: Option<&'a Snapshot>,
    /// The model after the best epoch, if one is complete.
    pub best: Option<&'a Snapshot>,
    /// What the test images gave, once the run is complete, if others validated.
    pub test: Option<&'a TestScores>,
}

impl RunFolder {
    /// Makes the folder of a run that is about to begin, and writes its first checkpoint.
    ///
    /// # Errors
    /// When the folder cannot be made or written, or the one asked for is not empty. A folder made
    /// by a failed attempt is removed again.
    pub fn create(place: &RunPlace, first: &Checkpoint) -> Result<Self, TrainError> {
        let (path, is_new) = match place {
            RunPlace::Under(parent) => (place::create_under(parent, &first.spec.name)?, true),
            RunPlace::At(path) => (path.clone(), place::create_at(path)?),
            RunPlace::Resume(path) => {
                return Err(TrainError::FolderInUse { path: path.clone() });
            }
        };
        let created = Lock::take(&path).and_then(|lock| {
            let mut folder = Self {
                path: path.clone(),
                lock,
                best_written: None,
            };
            folder.remove_left_overs();
            folder.save(Files {
                checkpoint: first,
                model: None,
                best: None,
                test: None,
            })?;
            Ok(folder)
        });
        let is_others = matches!(created, Err(TrainError::FolderLocked { .. }));
        if created.is_err() && is_new && !is_others {
            // Nothing but our own files can be in there.
            let _ = std::fs::remove_dir_all(&path);
        }
        created
    }

    /// Opens the folder of an earlier run, to go on from its newest whole checkpoint.
    ///
    /// # Errors
    /// When another process is using it, there is nothing to go on from, or `spec.json` is no longer
    /// what the run was started with.
    pub fn reopen(path: &Path) -> Result<(Self, Found), TrainError> {
        if !path.is_dir() {
            return Err(TrainError::NothingToResume {
                path: path.to_owned(),
                reason: "there is no such folder".into(),
            });
        }
        // A folder that is not a run's must not get a lock file.
        if checkpoint_files(path).is_empty() {
            read_newest(path)?;
        }
        let folder = Self {
            path: path.to_owned(),
            lock: Lock::take(path)?,
            best_written: None,
        };
        folder.remove_left_overs();
        let found = read_newest(path)?;
        let spec_file = path.join(SPEC_FILE);
        if spec_file.exists()
            && Spec::read(&spec_file).ok().as_ref() != Some(&found.checkpoint.spec)
        {
            return Err(TrainError::SpecChanged { path: spec_file });
        }
        Ok((folder, found))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes everything, each file whole or not at all, and makes the folder again if somebody has
    /// removed it. Returns whether that was so. Whatever can be written is written, even if something
    /// else cannot.
    ///
    /// # Errors
    /// The first file that could not be written, and why.
    pub fn save(&mut self, files: Files<'_>) -> Result<bool, TrainError> {
        let was_gone = !self.path.is_dir();
        if was_gone {
            std::fs::create_dir_all(&self.path)
                .map_err(|source| self.write_error("", "cannot create the run folder", source))?;
            self.lock = Lock::take(&self.path)?;
            self.best_written = None;
        }
        let Files {
            checkpoint,
            model,
            best,
            test,
        } = files;
        // The checkpoint first: everything else can be made again from it.
        let mut outcomes = vec![self.write_checkpoint(checkpoint)];
        if !self.path.join(SPEC_FILE).exists() {
            outcomes.push(self.write(SPEC_FILE, checkpoint.spec.to_json().as_bytes()));
        }
        let epochs = &checkpoint.progress.epochs;
        let lines = metrics_file::to_lines(epochs).map_err(|source| {
            self.write_error(metrics_file::METRICS_FILE, "cannot write the file", source)
        });
        outcomes
            .push(lines.and_then(|lines| self.write(metrics_file::METRICS_FILE, lines.as_bytes())));
        if let Some(model) = model {
            outcomes.push(self.write_model("model.safetensors", model));
        }
        let best_epoch = crate::train::best_epoch(epochs).map(|best| best.epoch);
        if let Some(best) = best
            && self.best_written != best_epoch
        {
            let written = self.write_model("best.safetensors", best);
            if written.is_ok() {
                self.best_written = best_epoch;
            }
            outcomes.push(written);
        }
        if let Some(test) = test {
            let text = serde_json::to_string_pretty(test).unwrap_or_default() + "\n";
            outcomes.push(self.write(TEST_FILE, text.as_bytes()));
        }
        outcomes.push(checkpoints::remove_old(&self.path, KEPT));
        outcomes.into_iter().collect::<Result<(), TrainError>>()?;
        Ok(was_gone)
    }

    fn write_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), TrainError> {
        let path = checkpoints::checkpoint_file(&self.path, checkpoint.step());
        let failed = |source| TrainError::Write {
            path: path.clone(),
            doing: "cannot write the checkpoint",
            source,
        };
        let (header, payload) = checkpoint
            .to_parts()
            .map_err(|reason| failed(std::io::Error::other(reason)))?;
        let write = || write_parts_atomically(&path, &[header.as_bytes(), &payload]);
        match write() {
            Err(error) if matches!(error.kind(), StorageFull | QuotaExceeded) => {
                // One older checkpoint is enough, if that makes room for a new one.
                checkpoints::remove_old(&self.path, 1)?;
                write().map_err(failed)
            }
            written => written.map_err(failed),
        }
    }

    fn write_model(&self, name: &str, snapshot: &Snapshot) -> Result<(), TrainError> {
        Ok(nn::save_model(&self.path.join(name), snapshot)?)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), TrainError> {
        write_atomically(&self.path.join(name), bytes)
            .map_err(|source| self.write_error(name, "cannot write the file", source))
    }

    fn write_error(&self, name: &str, doing: &'static str, source: std::io::Error) -> TrainError {
        TrainError::Write {
            path: self.path.join(name),
            doing,
            source,
        }
    }

    /// Removes the temporary files of a process that was killed while it wrote here.
    fn remove_left_overs(&self) {
        let Ok(entries) = std::fs::read_dir(&self.path) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(crate::fs::TEMPORARY_PREFIX) {
                // It only takes room.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

const SPEC_FILE: &str = "spec.json";
const TEST_FILE: &str = "test.json";
/// How a member of a sweep ended; other runs have no such file.
pub const OUTCOME_FILE: &str = "outcome.json";
/// Checkpoints that stay. Of two, one is whole even if the disk spoils the other.
const KEPT: usize = 2;

/// What the test images gave at the end of the run in this folder, if it held images out and ended; a
/// file that says otherwise, or something impossible, counts as none.
pub fn read_test(folder: &Path) -> Option<TestScores> {
    const MAX_BYTES: u64 = 4096;
    let bytes = read_bounded(&folder.join(TEST_FILE), MAX_BYTES).ok()?;
    let test: TestScores = serde_json::from_slice(&bytes).ok()?;
    let is_possible = |scores: Scores| (0.0..=1.0).contains(&scores.accuracy);
    (is_possible(test.best) && is_possible(test.last)).then_some(test)
}

/// Whether a process is training the run in this folder.
pub fn is_in_use(folder: &Path) -> bool {
    Lock::is_taken(folder)
}
