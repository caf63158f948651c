//! What is known of the run under way and of earlier ones.

use crate::insight::{Remark, remark};
use crate::nn::profile::Profile;
use crate::runs::History;
pub use crate::runs::PastRun;
use crate::spec::CheckedSpec;
use crate::stats::Accuracy;
use crate::text::escape_controls;
use crate::train::{
    BatchReport, EpochLayers, EpochMetrics, Event, RunStart, Steered, Validated, best_epoch, steer,
};
use std::sync::Arc;

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
    /// Over: the loss was NaN or infinite. The sentence says where and what to try.
    Diverged(String),
    /// Over because of an error.
    Failed(String),
}

/// The run of this session: its spec and everything it has reported.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// Counts the runs of the session.
    pub id: u64,
    /// What is trained, with all that changed under way.
    pub spec: CheckedSpec,
    /// The same as it was at the start, to train it again.
    pub original: CheckedSpec,
    /// What is trained in few words, see [`Spec::title`](crate::spec::Spec::title), safe to print.
    pub title: String,
    /// Where it stands.
    pub phase: Phase,
    /// What was known before the first batch.
    pub start: Option<RunStart>,
    /// Finished epochs.
    pub epochs: Vec<EpochMetrics>,
    /// What there is to say about them.
    pub remark: Option<Remark>,
    /// Batches of the running epoch.
    pub batches: Vec<BatchReport>,
    /// What its validation images were taken for after each epoch.
    pub history: Option<Arc<History>>,
    /// What changed under way.
    pub steering: Vec<Steered>,
    /// Where the time of its steps went, when that was told last.
    pub profile: Option<Arc<Profile>>,
    /// What was inside its layers, when that was told last.
    pub layers: Option<Arc<EpochLayers>>,
    /// Why the run is not being saved, while that is so.
    pub not_saving: Option<String>,
}

impl RunState {
    /// A run that is about to start.
    pub fn new(id: u64, spec: CheckedSpec) -> Self {
        Self {
            id,
            title: escape_controls(&spec.title()),
            original: spec.clone(),
            spec,
            phase: Phase::Starting,
            start: None,
            epochs: Vec::new(),
            remark: None,
            batches: Vec::new(),
            history: None,
            steering: Vec::new(),
            profile: None,
            layers: None,
            not_saving: None,
        }
    }

    /// Records what happened.
    pub fn observe(&mut self, event: &Event) {
        match event {
            Event::Started(start) => {
                self.start = Some(start.clone());
                self.steering.clone_from(&start.steering);
                // Values, not differences: those that the spec has already change nothing.
                for steered in &start.steering {
                    self.set(steered);
                }
                if let Some(resumed) = &start.resumed {
                    self.epochs = resumed.epochs.clone();
                    self.note();
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
            Event::Profile(profile) => self.profile = Some(Arc::clone(profile)),
            Event::Layers(layers) => self.layers = Some(Arc::clone(layers)),
            Event::Steered(steered) => {
                self.set(steered);
                self.steering.push(steered.clone());
            }
            Event::Epoch { metrics, .. } => {
                self.epochs.push(*metrics);
                self.note();
            }
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
            Event::Validated(_) | Event::NotSteered(_) => {}
        }
    }

    /// Keeps what the validation images were taken for, if this is the epoch that has just ended.
    pub fn remember(&mut self, validated: &Validated) {
        let last = self.epochs.last().map(|last| last.epoch);
        let Some(epoch) = validated.epoch().filter(|epoch| last == Some(*epoch)) else {
            return;
        };
        let (evaluation, labels) = (&validated.evaluation, &validated.images.labels);
        let history = self
            .history
            .get_or_insert_with(|| Arc::new(History::new(evaluation.confusion.classes(), labels)));
        // The best epoch's evaluation is told again when a run goes on, and at its end.
        if history.after(epoch).is_none() {
            Arc::make_mut(history).add(epoch, evaluation);
        }
    }

    /// Puts what was read of the epochs before the run went on before those it has had since.
    pub fn remember_earlier(&mut self, earlier: History) {
        match &mut self.history {
            Some(history) => Arc::make_mut(history).put_before(earlier),
            None => self.history = Some(Arc::new(earlier)),
        }
    }

    /// Finds what there is to say about the epochs so far.
    fn note(&mut self) {
        let images = self
            .start
            .as_ref()
            .map_or(0, |start| start.validation_images);
        self.remark = remark(&self.spec, &self.epochs, images);
    }

    fn set(&mut self, steered: &Steered) {
        // The run has checked it.
        if let Ok(spec) = steer(&self.spec, &steered.set) {
            self.spec = spec;
        }
    }

    /// Whether the run is not over yet.
    pub fn is_active(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting | Phase::Running | Phase::Paused | Phase::Finishing
        )
    }

    /// A share of the validation images, with its error once their number is known.
    pub fn accuracy(&self, share: f64) -> Accuracy {
        let images = self.start.as_ref();
        Accuracy::of(share, images.map_or(0, |start| start.validation_images))
    }

    /// Whether it was trained to its end.
    pub fn is_complete(&self) -> bool {
        matches!(self.phase, Phase::Done { stopped_early } if !stopped_early)
    }

    /// The epoch with the best validation accuracy, the first of equals.
    pub fn best(&self) -> Option<&EpochMetrics> {
        best_epoch(&self.epochs)
    }
}
