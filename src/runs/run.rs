//! Training a run that is saved in a folder.

use super::Beginning;
use super::folder::{RunFolder, RunPlace, read_after, read_test};
use super::history::{History, read_whole_records};
use super::saver::RunSaver;
use crate::data::Dataset;
use crate::nn::load_weights;
use crate::spec::CheckedSpec;
use crate::spec::vary::Settings;
use crate::text::escape_controls;
use crate::train::{
    BeganWith, Checkpoint, Command, EpochLoop, Event, Origin, RunStart, RunSummary, SaveRun,
    TrainError, TrainingData, TrainingThread,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// How to train, beside the spec and the data.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Where to write the results; without it nothing is written.
    pub place: Option<RunPlace>,
    /// What a new run begins with.
    pub beginning: Beginning,
    /// Settings that change before the first step of a run that goes on or is forked.
    pub set: Settings,
    /// Epochs to train after the last one of a run that goes on or is forked, if it is complete; after the
    /// last one it is to have, if it is not.
    pub more_epochs: usize,
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
    let (folder, source) = Source::open(options)?;
    let progress = source.as_ref().map(|source| &source.checkpoint.progress);
    // A run that goes on is what it was; the spec of a run that is forked is the other's.
    let spec = source
        .as_ref()
        .map_or(spec, |source| &source.checkpoint.spec);
    let data = TrainingData::prepare(
        spec,
        dataset,
        progress.map(|progress| BeganWith {
            data: &progress.data,
            excluded: &progress.excluded,
        }),
    )?;
    let precision = progress.and_then(|progress| progress.precision);
    let mut epoch_loop = EpochLoop::new(spec, &data, precision)?;
    let mut notices = Vec::new();
    let mut history = History::new(data.dataset.classes(), &data.dataset.validation.labels);
    if let Some(source) = &source {
        epoch_loop.resume(source.checkpoint.clone(), &source.folder)?;
        let changes = epoch_loop.change_at_start(&options.set, options.more_epochs)?;
        notices.extend(source.notice.clone());
        notices.extend(changes);
        notices.extend(source.carry_over(&mut history));
    }
    match &options.beginning {
        Beginning::Replay(changes) => epoch_loop.plan(changes)?,
        Beginning::Weights(path) => {
            let (weights, how) = load_weights(path, spec)?;
            epoch_loop.begin_with(&path.display().to_string(), &weights)?;
            notices.extend(how.map(|how| escape_controls(&how)));
        }
        Beginning::Fresh | Beginning::Fork { .. } => {}
    }
    let notice = (!notices.is_empty()).then(|| notices.join("; "));
    let mut unsaved = None;
    let mut saver = match (folder, &options.place) {
        (Some(folder), _) => RunSaver::open(folder, history),
        (None, Some(place)) => match RunFolder::create(place, &epoch_loop.checkpoint()?) {
            Ok(folder) => RunSaver::open(folder, history),
            Err(error) if options.start_unsaved => {
                unsaved = Some(error);
                RunSaver::waiting(place.clone(), history)
            }
            Err(error) => return Err(error),
        },
        (None, None) => RunSaver::nowhere(),
    };
    let goes_on = !epoch_loop.is_complete();
    let test_seen = goes_on && source.as_ref().is_some_and(Source::has_seen_test);
    sink(Event::Started(RunStart {
        test_seen,
        ..epoch_loop.start(saver.folder(), notice)
    }));
    if let Some(error) = unsaved {
        saver.report(&error, sink);
    }
    epoch_loop.run(&mut saver, commands, sink)
}

/// The run that one goes on from.
struct Source {
    folder: PathBuf,
    checkpoint: Checkpoint,
    notice: Option<String>,
}

impl Source {
    /// The run to go on with, or to fork from, if there is one; and its folder, if that is the new run's.
    fn open(options: &RunOptions) -> Result<(Option<RunFolder>, Option<Self>), TrainError> {
        if let Some(RunPlace::Resume(path)) = &options.place {
            let (folder, found) = RunFolder::reopen(path)?;
            let source = Self {
                folder: path.clone(),
                checkpoint: found.checkpoint,
                notice: found.notice,
            };
            return Ok((Some(folder), Some(source)));
        }
        let Beginning::Fork { run, epochs } = &options.beginning else {
            return Ok((None, None));
        };
        let mut checkpoint = read_after(run, *epochs)?;
        let step = checkpoint.step();
        let progress = &mut checkpoint.progress;
        progress.steering = progress.steering_before(step).to_vec();
        progress.origin = Some(Origin::Fork {
            run: run.display().to_string(),
            epochs: progress.epochs.len(),
            test_seen: read_test(run).is_some(),
        });
        let source = Self {
            folder: run.clone(),
            checkpoint,
            notice: None,
        };
        Ok((None, Some(source)))
    }

    /// Takes what the validation images were taken for up to the checkpoint. Returns a sentence where that is
    /// damaged.
    fn carry_over(&self, history: &mut History) -> Option<String> {
        let (before, notice) = read_whole_records(&self.folder);
        if let Some(mut before) = before {
            before.truncate(self.checkpoint.progress.epochs.len());
            history.put_before(before);
        }
        notice
    }

    /// Whether the test images have been looked at before.
    fn has_seen_test(&self) -> bool {
        let origin = &self.checkpoint.progress.origin;
        let by_other = matches!(origin, Some(Origin::Fork { test_seen, .. }) if *test_seen);
        by_other || read_test(&self.folder).is_some()
    }
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
