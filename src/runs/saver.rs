//! Saves a run on disk, and lets it go on when the disk refuses.

use crate::runs::RunPlace;
use crate::runs::folder::RunFolder;
use crate::runs::history::History;
use crate::text::shown_path;
use crate::train::{Event, RunFiles, SaveRun, TrainError};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A run is saved after every epoch, and where epochs are long, after this time.
const AT_LEAST_EVERY: Duration = Duration::from_secs(120);

/// Why a run could not be saved.
struct Failure {
    /// What the system said, without the name of the file, which changes from epoch to epoch.
    cause: String,
    /// The whole sentence.
    reason: String,
}

/// Saves a run into its folder, if it has one.
pub struct RunSaver {
    /// Where the folder is to be made, if that has not been possible yet.
    wanted: Option<RunPlace>,
    folder: Option<RunFolder>,
    /// What the validation images were taken for so far; none for a run that is not saved.
    history: Option<History>,
    /// Why the last attempt failed, if it did.
    failure: Option<Failure>,
    last_attempt: Instant,
}

impl RunSaver {
    /// A run that is not saved.
    pub fn nowhere() -> Self {
        Self {
            wanted: None,
            folder: None,
            history: None,
            failure: None,
            last_attempt: Instant::now(),
        }
    }

    /// A run that is saved in `folder`, with `history` so far.
    pub fn open(folder: RunFolder, history: History) -> Self {
        Self {
            folder: Some(folder),
            history: Some(history),
            ..Self::nowhere()
        }
    }

    /// A run whose folder could not be made at `place` yet.
    pub fn waiting(place: RunPlace, history: History) -> Self {
        Self {
            wanted: Some(place),
            history: Some(history),
            ..Self::nowhere()
        }
    }

    /// Remembers a failure, and reports it unless the last one had the same cause.
    pub fn report(&mut self, error: &TrainError, sink: &mut dyn FnMut(Event)) {
        let reason = error.to_string();
        tracing::error!("the run is not being saved: {reason}");
        let cause = error
            .source()
            .map_or_else(|| reason.clone(), ToString::to_string);
        if self
            .failure
            .as_ref()
            .is_none_or(|failure| failure.cause != cause)
        {
            sink(Event::NotSaving(reason.clone()));
        }
        self.failure = Some(Failure { cause, reason });
    }

    /// Returns whether the folder had to be made again.
    fn try_save(&mut self, files: RunFiles<'_>) -> Result<bool, TrainError> {
        if let Some(place) = &self.wanted {
            self.folder = Some(RunFolder::create(place, files.checkpoint)?);
            self.wanted = None;
        }
        match &mut self.folder {
            Some(folder) => folder.save(files, self.history.as_ref()),
            None => Ok(false),
        }
    }
}

impl SaveRun for RunSaver {
    fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(RunFolder::path)
    }

    fn is_wanted(&self) -> bool {
        self.folder.is_some() || self.wanted.is_some()
    }

    fn is_due(&self) -> bool {
        self.is_wanted() && self.last_attempt.elapsed() >= AT_LEAST_EVERY
    }

    fn failure(&self) -> Option<&str> {
        self.failure.as_ref().map(|failure| failure.reason.as_str())
    }

    fn save(&mut self, files: RunFiles<'_>, sink: &mut dyn FnMut(Event)) {
        self.last_attempt = Instant::now();
        if let (Some(history), Some(evaluation)) = (&mut self.history, files.evaluation) {
            history.add(files.checkpoint.progress.epochs.len(), evaluation);
        }
        match self.try_save(files) {
            Ok(was_gone) => {
                let failed_before = self.failure.take().is_some();
                let Some(folder) = self.folder().map(Path::to_owned) else {
                    return;
                };
                if failed_before || was_gone {
                    sink(saving_again(folder, was_gone && !failed_before));
                }
            }
            Err(error) => self.report(&error, sink),
        }
    }
}

fn saving_again(folder: PathBuf, was_gone: bool) -> Event {
    let shown = shown_path(&folder);
    let message = if was_gone {
        format!("{shown} had been removed; it is there again, with the whole run so far")
    } else {
        format!("saving again: the whole run so far is in {shown}")
    };
    Event::SavingAgain { folder, message }
}
