//! What is known of the run under way and of earlier ones.

use crate::spec::Spec;
use crate::text::escape_controls;
use crate::train::{
    BatchReport, EpochMetrics, Event, RunStart, TestScores, best_epoch, is_complete,
};
use std::path::PathBuf;

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// Building the network.
    Starting,
    /// Training.
    Running,
    /// Waiting to go on.
    Paused,
    /// Training, to end with the current epoch.
    Finishing,
    /// Over, as planned or by command.
    Done {
        /// It ended before its last epoch.
        stopped_early: bool,
    },
    /// Over: the loss was no number any more. The sentence says where and what to try.
    Diverged(String),
    /// Over because of an error.
    Failed(String),
}

/// The run of this session: its spec and everything it has reported.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// Counts the runs of the session.
    pub id: u64,
    /// What is trained.
    pub spec: Spec,
    /// Where it stands.
    pub phase: Phase,
    /// What was known before the first batch.
    pub start: Option<RunStart>,
    /// Finished epochs.
    pub epochs: Vec<EpochMetrics>,
    /// Batches of the running epoch.
    pub batches: Vec<BatchReport>,
    /// Why the run is not being saved, while that is so.
    pub not_saving: Option<String>,
}

impl RunState {
    /// A run that was just asked for.
    pub fn new(id: u64, spec: Spec) -> Self {
        Self {
            id,
            spec,
            phase: Phase::Starting,
            start: None,
            epochs: Vec::new(),
            batches: Vec::new(),
            not_saving: None,
        }
    }

    /// Takes note of what happened.
    pub fn observe(&mut self, event: &Event) {
        match event {
            Event::Started(start) => {
                self.start = Some(start.clone());
                if let Some(resumed) = &start.resumed {
                    self.epochs = resumed.epochs.clone();
                }
                if self.phase == Phase::Starting {
                    self.phase = Phase::Running;
                }
            }
            Event::Batch(batch) => {
                if self
                    .batches
                    .last()
                    .is_some_and(|last| last.epoch != batch.epoch)
                {
                    self.batches.clear();
                }
                self.batches.push(*batch);
            }
            Event::Epoch { metrics, .. } => self.epochs.push(*metrics),
            // A run that was told to end with its epoch goes on to that end.
            Event::Paused | Event::Resumed if self.phase == Phase::Finishing => {}
            Event::Paused => self.phase = Phase::Paused,
            Event::Resumed => self.phase = Phase::Running,
            Event::Done(summary) => {
                self.phase = Phase::Done {
                    stopped_early: summary.stopped_early,
                };
            }
            Event::Diverged(divergence) => {
                self.phase = Phase::Diverged(divergence.message.clone());
            }
            Event::Failed(message) => self.phase = Phase::Failed(message.clone()),
            Event::NotSaving(reason) => self.not_saving = Some(reason.clone()),
            Event::SavingAgain { folder, .. } => {
                self.not_saving = None;
                if let Some(start) = &mut self.start {
                    start.folder = Some(folder.clone());
                }
            }
            Event::Validated(_) => {}
        }
    }

    /// Whether the worker is still at it.
    pub fn is_active(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting | Phase::Running | Phase::Paused | Phase::Finishing
        )
    }

    /// The epoch with the best validation accuracy, the first of equals.
    pub fn best(&self) -> Option<&EpochMetrics> {
        best_epoch(&self.epochs)
    }
}

/// A run folder on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct PastRun {
    /// The folder.
    pub path: PathBuf,
    /// The folder's name; of a sweep's member with the sweep's behind it: see [`PastRun::member`].
    pub name: String,
    /// What was trained, or why it cannot be read.
    pub spec: Result<Spec, String>,
    /// Trainable parameters.
    pub parameters: u64,
    /// Its epochs.
    pub epochs: Vec<EpochMetrics>,
    /// What the test images gave in the end, if the run held images out.
    pub test: Option<TestScores>,
    /// Whether there is a best model to load.
    pub has_model: bool,
    /// Whether there is a checkpoint to go on from.
    pub has_checkpoint: bool,
    /// Whether another process is training it, or this one is.
    pub in_use: bool,
}

/// What stands between the name of a member and that of its sweep.
const IN_SWEEP: &str = " in ";

impl PastRun {
    /// The name of the sweep's member in the folder `member`.
    pub fn member_name(member: &str, sweep: &str) -> String {
        format!("{member}{IN_SWEEP}{sweep}")
    }

    /// The names of the member and its sweep, if this is one.
    pub fn member(&self) -> Option<(&str, &str)> {
        let folder = self.path.file_name()?.to_string_lossy();
        // A run's own folder may be called anything.
        let sweep = self
            .name
            .strip_prefix(&*escape_controls(&folder))?
            .strip_prefix(IN_SWEEP)?;
        let member = self.name.strip_suffix(sweep)?.strip_suffix(IN_SWEEP)?;
        Some((member, sweep))
    }

    /// Whether epochs are left that it can go on with.
    pub fn can_go_on(&self) -> bool {
        let spec = self.spec.as_ref();
        let left = spec.is_ok_and(|spec| !is_complete(spec, &self.epochs));
        self.has_checkpoint && !self.in_use && left
    }
}
