//! Training a run that is saved in a folder.

use super::folder::{RunFolder, RunPlace};
use super::saver::RunSaver;
use crate::data::Dataset;
use crate::spec::CheckedSpec;
use crate::train::{
    Command, EpochLoop, Event, RunSummary, SaveRun, TrainError, TrainingData, TrainingThread,
};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// How to train, beside the spec and the data.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Where to write the results; without it nothing is written.
    pub place: Option<RunPlace>,
    /// Whether to train even where the run folder cannot be made: the run says so, and tries again
    /// after every epoch.
    pub start_unsaved: bool,
    /// Threads for the arithmetic; by default as many as can run at once.
    /// [`spawn_run`] makes a pool of them, [`train_run`] uses the pool it is called in.
    pub threads: Option<usize>,
}

/// Trains a network as `spec` says on `dataset`, in this thread and on the current thread pool.
///
/// Everything that happens goes to `sink`, as [`EpochLoop::run`] describes. The run folder holds a
/// checkpoint after every epoch, and whenever the run is paused or stopped. Where the spec holds images
/// out of the training split, these validate, and the data's own validation images are evaluated once,
/// when the run is complete. A resumed run ([`RunPlace::Resume`]) uses as many training images as
/// at its start.
///
/// # Errors
/// A spec that does not fit the data, a run folder that cannot be made, and nothing usable to resume
/// from, all before anything else is created; then those of [`EpochLoop::run`]. Files that cannot be
/// written later are [`Event::NotSaving`] and do not end the run.
pub fn train_run(
    spec: &CheckedSpec,
    dataset: &Dataset,
    options: &RunOptions,
    commands: &Receiver<Command>,
    sink: &mut dyn FnMut(Event),
) -> Result<RunSummary, TrainError> {
    let resumed = match &options.place {
        Some(RunPlace::Resume(path)) => Some(RunFolder::reopen(path)?),
        _ => None,
    };
    let began_with = resumed
        .as_ref()
        .map(|(_, found)| &found.checkpoint.progress.data);
    let data = TrainingData::prepare(spec, dataset, began_with)?;
    let precision = resumed
        .as_ref()
        .and_then(|(_, found)| found.checkpoint.progress.precision);
    let mut epoch_loop = EpochLoop::new(spec, &data, precision)?;
    let (mut notice, mut unsaved) = (None, None);
    let mut saver = match (resumed, &options.place) {
        (Some((folder, found)), _) => {
            notice = found.notice;
            epoch_loop.resume(found.checkpoint, folder.path())?;
            RunSaver::open(folder)
        }
        (None, Some(place)) => match RunFolder::create(place, &epoch_loop.checkpoint()?) {
            Ok(folder) => RunSaver::open(folder),
            Err(error) if options.start_unsaved => {
                unsaved = Some(error);
                RunSaver::waiting(place.clone())
            }
            Err(error) => return Err(error),
        },
        (None, None) => RunSaver::nowhere(),
    };
    sink(Event::Started(epoch_loop.start(saver.folder(), notice)));
    if let Some(error) = unsaved {
        saver.report(&error, sink);
    }
    epoch_loop.run(&mut saver, commands, sink)
}

/// [`train_run`] in a thread of its own, so that a screen stays free.
///
/// # Errors
/// When the system refuses a thread. Everything else that goes wrong is an [`Event`].
pub fn spawn_run(
    spec: CheckedSpec,
    dataset: Arc<Dataset>,
    options: RunOptions,
) -> Result<TrainingThread, TrainError> {
    TrainingThread::spawn(options.threads, move |commands, sink| {
        train_run(&spec, &dataset, &options, commands, sink)
    })
}

#[cfg(test)]
mod tests;
