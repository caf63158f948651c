//! The folder of a run under way.

use super::checkpoints::{
    Found, checkpoint_file, checkpoint_files, read_newest, remove_all_but_newest,
};
use super::file_names::{
    BEST_FILE, CARD_FILE, EXCLUDED_FILE, LAYERS_FILE, METRICS_FILE, MODEL_FILE, ORIGIN_FILE,
    SPEC_FILE, STEERING_FILE, TEST_FILE,
};
use super::kept::remove_superfluous;
use super::layers_file::LayersLog;
use super::lock::Lock;
use super::metrics_file::to_lines;
use super::place::{RunPlace, create_at, create_under};
use super::steering_file::steering_lines;
use super::test_file::read_test;
use crate::data::Exclusions;
use crate::fs::{TEMPORARY_PREFIX, write_atomically, write_parts_atomically};
use crate::nn::{self, Snapshot};
use crate::runs::card::ModelCard;
use crate::runs::checkpoint_file::checkpoint_parts;
use crate::runs::history::{HISTORY_FILE, History, HistoryFile};
use crate::spec::Spec;
use crate::train::{Checkpoint, EpochLayers, RunFiles, TrainError, best_epoch};
use std::io::ErrorKind::{QuotaExceeded, StorageFull};
use std::path::{Path, PathBuf};

/// The folder of a run under way. No other process can open it meanwhile.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    lock: Lock,
    /// The epoch whose model `best.safetensors` is known to hold.
    best_written: Option<usize>,
    history: HistoryFile,
    layers: LayersLog,
}

impl RunFolder {
    /// Makes the folder of a run that is about to begin, and writes its first checkpoint.
    ///
    /// # Errors
    /// When the folder cannot be made or written, or the one asked for is not empty. A folder made
    /// by a failed attempt is removed again.
    pub fn create(place: &RunPlace, first: &Checkpoint) -> Result<Self, TrainError> {
        let (path, is_new) = match place {
            RunPlace::Under(parent) => (create_under(parent, &first.spec.title())?, true),
            RunPlace::At(path) => (path.clone(), create_at(path)?),
            RunPlace::Resume(path) => {
                return Err(TrainError::FolderInUse { path: path.clone() });
            }
        };
        let created = Lock::take(&path).and_then(|lock| {
            let mut folder = Self {
                path: path.clone(),
                lock,
                best_written: None,
                history: HistoryFile::default(),
                layers: LayersLog::default(),
            };
            folder.remove_left_overs();
            let files = RunFiles {
                checkpoint: first,
                model: None,
                evaluation: None,
                best: None,
                test: None,
                layers: None,
            };
            folder.save(files, None)?;
            Ok(folder)
        });
        let is_others = matches!(created, Err(TrainError::FolderLocked { .. }));
        if created.is_err() && is_new && !is_others {
            // Nothing but our own files can be in there.
            let _ = std::fs::remove_dir_all(&path);
        }
        created
    }

    /// Opens the folder of an earlier run, to resume it from its newest whole checkpoint.
    ///
    /// # Errors
    /// When another process is using it, there is nothing to resume from, or `spec.json` has changed
    /// since the start of the run.
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
            history: HistoryFile::default(),
            layers: LayersLog::read(path),
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

    /// Writes everything, each file whole or not at all, and makes the folder again if it was removed.
    /// Returns whether it was. Every file that can be written is written, even if another cannot.
    ///
    /// # Errors
    /// The first file that could not be written, and why.
    pub fn save(
        &mut self,
        files: RunFiles<'_>,
        history: Option<&History>,
    ) -> Result<bool, TrainError> {
        let was_gone = !self.path.is_dir();
        if was_gone {
            std::fs::create_dir_all(&self.path)
                .map_err(|source| self.write_error("", "cannot create the run folder", source))?;
            self.lock = Lock::take(&self.path)?;
            self.best_written = None;
        }
        let RunFiles {
            checkpoint,
            model,
            best,
            test,
            layers,
            ..
        } = files;
        // What was predicted and what was inside the layers cannot be made again from a checkpoint; so it is on the
        // disk before. A run that goes on drops what is ahead of its checkpoint.
        let recorded = history.map_or(Ok(()), |history| self.write_answers(history));
        let inside = self.write_layers(layers, was_gone);
        // Then the checkpoint: everything else can be made again from it.
        let mut outcomes = vec![self.write_checkpoint(checkpoint), recorded, inside];
        if !self.path.join(SPEC_FILE).exists() {
            outcomes.push(self.write(SPEC_FILE, checkpoint.spec.to_json().as_bytes()));
        }
        let epochs = &checkpoint.progress.epochs;
        let lines = to_lines(epochs)
            .map_err(|source| self.write_error(METRICS_FILE, "cannot write the file", source));
        outcomes.push(lines.and_then(|lines| self.write(METRICS_FILE, lines.as_bytes())));
        if let Some(model) = model {
            outcomes.push(self.write_model(MODEL_FILE, model));
        }
        let best_epoch = best_epoch(epochs).map(|best| best.epoch);
        if let Some(best) = best
            && self.best_written != best_epoch
        {
            let written = self.write_model(BEST_FILE, best);
            if written.is_ok() {
                self.best_written = best_epoch;
            }
            outcomes.push(written);
        }
        if let Some(test) = test {
            let text = serde_json::to_string_pretty(test).unwrap_or_default() + "\n";
            outcomes.push(self.write(TEST_FILE, text.as_bytes()));
        }
        outcomes.push(self.write_card(files, history));
        outcomes.push(self.write_origin_and_steering(checkpoint));
        outcomes.push(remove_superfluous(&self.path, checkpoint.steps_per_epoch()));
        outcomes.into_iter().collect::<Result<(), TrainError>>()?;
        Ok(was_gone)
    }

    fn write_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), TrainError> {
        let path = checkpoint_file(&self.path, checkpoint.step());
        let failed = |source| TrainError::Write {
            path: path.clone(),
            doing: "cannot write the checkpoint",
            source,
        };
        let (header, payload) =
            checkpoint_parts(checkpoint).map_err(|reason| failed(std::io::Error::other(reason)))?;
        let write = || write_parts_atomically(&path, &[header.as_bytes(), &payload]);
        match write() {
            Err(error) if matches!(error.kind(), StorageFull | QuotaExceeded) => {
                // One older checkpoint is enough, if removing the others frees enough space.
                remove_all_but_newest(&self.path)?;
                write().map_err(failed)
            }
            written => written.map_err(failed),
        }
    }

    /// Writes what was inside the layers, where there is something new, or where the file is gone.
    fn write_layers(
        &mut self,
        layers: Option<&EpochLayers>,
        was_gone: bool,
    ) -> Result<(), TrainError> {
        if let Some(layers) = layers
            && let Err(source) = self.layers.add(layers)
        {
            return Err(self.write_error(LAYERS_FILE, "cannot write the file", source));
        }
        match layers.is_some() || was_gone && !self.layers.is_empty() {
            true => self.write(LAYERS_FILE, self.layers.text().as_bytes()),
            false => Ok(()),
        }
    }

    /// Writes what the run began with, which images it leaves out and what changed under way, where there is
    /// something.
    fn write_origin_and_steering(&self, checkpoint: &Checkpoint) -> Result<(), TrainError> {
        let progress = &checkpoint.progress;
        if let Some(origin) = &progress.origin
            && !self.path.join(ORIGIN_FILE).exists()
        {
            let text = serde_json::to_string_pretty(origin).unwrap_or_default() + "\n";
            self.write(ORIGIN_FILE, text.as_bytes())?;
        }
        if !progress.excluded.is_empty() && !self.path.join(EXCLUDED_FILE).exists() {
            let lines = progress.excluded.iter();
            let text: String = lines.map(|image| Exclusions::line(*image, "")).collect();
            self.write(EXCLUDED_FILE, text.as_bytes())?;
        }
        let done = progress.steering_before(checkpoint.step());
        if done.is_empty() {
            return Ok(());
        }
        let lines = steering_lines(done)
            .map_err(|source| self.write_error(STEERING_FILE, "cannot write the file", source))?;
        self.write(STEERING_FILE, lines.as_bytes())
    }

    fn write_answers(&mut self, history: &History) -> Result<(), TrainError> {
        let written = self.history.write(&self.path, history);
        written.map_err(|source| self.write_error(HISTORY_FILE, "cannot write the file", source))
    }

    /// Writes what the best model is, once an epoch is complete. The scores of the test images stay in it.
    fn write_card(&self, files: RunFiles<'_>, history: Option<&History>) -> Result<(), TrainError> {
        let Some(best) = files.best else {
            return Ok(());
        };
        let epoch = best.info.epoch();
        let evaluation = history.and_then(|history| history.evaluation(epoch?));
        let epochs = &files.checkpoint.progress.epochs;
        let last = epochs.last().filter(|last| Some(last.epoch) != epoch);
        let known = match files.test {
            Some(_) => None,
            None => read_test(&self.path),
        };
        let card = ModelCard {
            info: &best.info,
            file: BEST_FILE,
            confusion: evaluation.as_ref().map(|evaluation| &evaluation.confusion),
            last,
            test: files.test.or(known.as_ref()),
        };
        self.write(CARD_FILE, card.text().as_bytes())
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
            if name.starts_with(TEMPORARY_PREFIX) {
                // It only takes space.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}
