//! What all screens read: theme, data, the run, the model in view, and what happened last.

use super::audit_state::{AuditPhase, AuditState};
use super::effect::Effect;
use super::fetch_state::FetchState;
use super::kept_design::KeptDesign;
use super::message::AuditNews;
use super::request::Request;
use super::run_state::{PastRun, RunState};
use super::seeds::{Seeds, last_of};
use super::theme::Theme;
use super::time::Time;
use crate::data::Dataset;
use crate::insight::audit::{Findings, Part};
use crate::spec::Spec;
use crate::stats::Spread;
use crate::text::{escape_controls, grouped};
use crate::train::{Evaluation, Validated};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Finished runs of the session that are kept for comparing; older ones are still below `runs/`.
const MOST_SESSION_RUNS: usize = 50;
/// Errors that wait to be dismissed; with more, the oldest go.
const MOST_ERRORS: usize = 20;

/// State that belongs to no screen alone.
#[derive(Debug)]
pub struct Shared {
    /// Colours and signs.
    pub theme: Theme,
    /// The images.
    pub data: DataState,
    /// The fetch of the real data.
    pub fetch: FetchState,
    /// The audit of the data.
    pub audit: AuditState,
    /// The spec of the Design screen, for the other screens.
    pub designed: Designed,
    /// The run under way, or the last one.
    pub run: Option<RunState>,
    /// What is trained in the background.
    pub background: Option<Background>,
    /// From how many seeds networks are trained.
    pub seeds: Seeds,
    /// The latest finished runs of this session, the oldest first, without their batches; `run` is
    /// not among them.
    pub session_runs: Vec<RunState>,
    /// Runs below `runs/`; none until they are read.
    pub past_runs: Option<Vec<Arc<PastRun>>>,
    /// The folder of the run that others are compared with.
    pub baseline: Option<PathBuf>,
    /// The model that Confusion and Samples show.
    pub view: Option<ModelView>,
    /// Which epoch of its run the screens show, if that is not now.
    pub time: Time,
    /// The model of the best epoch of the run in view.
    pub best: Option<Arc<Validated>>,
    /// What happened last, for the status line.
    pub status: String,
    /// Errors that are not dismissed yet, the oldest first.
    pub errors: Vec<String>,
    /// What screens want done by the app or by another screen.
    pub requests: Vec<Request>,
}

/// Many runs that are trained in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// A network without each of its parts.
    Ablation,
    /// A network with other settings.
    Sweep,
    /// A network with a rising learning rate.
    RateFinder,
}

impl Background {
    /// That it is going on, as the beginning of a sentence.
    pub fn under_way(self) -> &'static str {
        match self {
            Self::Ablation => "An ablation is under way",
            Self::Sweep => "A sweep is under way",
            Self::RateFinder => "A learning rate is looked for",
        }
    }

    /// The key of Design that shows it.
    pub fn key(self) -> char {
        match self {
            Self::Ablation => 'A',
            Self::Sweep => 'W',
            Self::RateFinder => 'R',
        }
    }
}

/// The images, or why there are none yet.
#[derive(Clone, Debug)]
pub enum DataState {
    /// Being read; the share that is done.
    Loading(f64),
    /// Ready.
    Ready {
        /// The data.
        dataset: Arc<Dataset>,
        /// For the sample set: the folders that were searched for real data.
        looked_in: Vec<PathBuf>,
    },
    /// The folder the user named cannot be used.
    Failed(String),
}

/// A model and its predictions on the validation images.
#[derive(Clone, Debug)]
pub struct ModelView {
    /// The model and its answers.
    pub validated: Arc<Validated>,
    /// Where it comes from: `bn-dropout, epoch 3` or a file's name.
    pub origin: String,
}

/// The network of the Design screen, as it would be trained.
#[derive(Clone, Debug)]
pub struct Designed {
    /// Its layers that are on, and how it is trained.
    pub spec: Spec,
    /// Whether there are edits that are in no file.
    pub has_unsaved_edits: bool,
    /// Whether the JSON editor has a text that is not applied.
    pub has_open_text: bool,
    /// The user's own network with the layers that are off; not that of a lesson.
    pub own: KeptDesign,
    /// Seconds of an epoch, once they are known.
    pub epoch_seconds: Option<f64>,
}

impl Shared {
    /// Nothing loaded, nothing run.
    pub fn new(theme: Theme) -> Self {
        Self {
            theme,
            data: DataState::Loading(0.0),
            fetch: FetchState::default(),
            audit: AuditState::default(),
            designed: Designed {
                spec: Spec::smallest(),
                has_unsaved_edits: false,
                has_open_text: false,
                own: KeptDesign {
                    network: Spec::smallest(),
                    off: Vec::new(),
                    saved: Spec::smallest(),
                },
                epoch_seconds: None,
            },
            run: None,
            background: None,
            seeds: Seeds::default(),
            session_runs: Vec::new(),
            past_runs: None,
            baseline: None,
            view: None,
            time: Time::default(),
            best: None,
            status: String::new(),
            errors: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// The data, when it is there.
    pub fn dataset(&self) -> Option<&Arc<Dataset>> {
        match &self.data {
            DataState::Ready { dataset, .. } => Some(dataset),
            DataState::Loading(_) | DataState::Failed(_) => None,
        }
    }

    /// Whether a run is under way.
    pub fn is_training(&self) -> bool {
        self.run.as_ref().is_some_and(RunState::is_active)
    }

    /// Whether anything is trained: another training at the same time would make both slower.
    pub fn is_busy(&self) -> bool {
        self.background.is_some() || self.is_training()
    }

    /// Whether this is the folder of the run that is training.
    pub fn is_under_way(&self, path: &Path) -> bool {
        let run = self.run.as_ref().filter(|run| run.is_active());
        let folder = run.and_then(|run| run.start.as_ref()?.folder.as_deref());
        folder == Some(path)
    }

    /// The name of a class of the model in view, else of the data.
    pub fn class_name(&self, class: usize) -> String {
        let of_view = self
            .view
            .as_ref()
            .map(|view| &view.validated.snapshot.info.class_names);
        let of_data = self.dataset().map(|dataset| &dataset.class_names);
        match of_view
            .and_then(|names| names.get(class))
            .or_else(|| of_data.and_then(|names| names.get(class)))
        {
            Some(name) => escape_controls(name),
            None => class.to_string(),
        }
    }

    /// What the validation images are taken for: by the model in view, or after the epoch that is shown.
    pub fn evaluation(&self) -> Option<&Evaluation> {
        if let Some(moment) = self.time.moment() {
            return Some(&moment.evaluation);
        }
        let view = self.view.as_ref()?;
        Some(&view.validated.evaluation)
    }

    /// Where that comes from: `bn-dropout, epoch 3` or a file's name; nothing without a model.
    pub fn origin(&self) -> String {
        let Some(view) = &self.view else {
            return String::new();
        };
        let text = match self.time.epoch() {
            Some(epoch) => format!(
                "{}, epoch {epoch}",
                view.validated.snapshot.info.spec.title()
            ),
            None => view.origin.clone(),
        };
        escape_controls(&text)
    }

    /// What the audit found, if it is about the data in use.
    pub fn findings(&self) -> Option<&Arc<Findings>> {
        let dataset = self.dataset()?;
        let findings = self.audit.findings.as_ref();
        findings.filter(|_| self.audit.is_about(dataset))
    }

    /// Starts the audit of the data, or stops the one that is under way.
    pub fn toggle_audit(&mut self) -> Vec<Effect> {
        if self.audit.is_active() {
            self.audit.phase = AuditPhase::Stopping;
            self.say("stopping the audit; what it found stays");
            return vec![Effect::StopAudit];
        }
        let Some(dataset) = self.dataset().cloned() else {
            self.say("the data is not there yet");
            return Vec::new();
        };
        // Two trainings at once would both be slow.
        let with_labels = !self.is_training();
        self.audit = AuditState::started(dataset, with_labels);
        self.say(match with_labels {
            true => "auditing: copies and unusual images first, then labels; A stops it",
            false => "auditing without the labels, as a run is under way",
        });
        vec![Effect::StartAudit { with_labels }]
    }

    /// Starts the audit unless one of this data is there or under way.
    pub fn begin_audit(&mut self) -> Vec<Effect> {
        let is_there = self
            .dataset()
            .is_some_and(|dataset| self.audit.is_about(dataset));
        match is_there || self.audit.is_active() {
            true => Vec::new(),
            false => self.toggle_audit(),
        }
    }

    /// Takes a report of the audit of some data, and says what is new.
    pub fn audit_news(&mut self, dataset: &Arc<Dataset>, news: AuditNews) {
        self.audit.observe(dataset, news.clone());
        if !self.audit.is_about(dataset) {
            return;
        }
        let found = self.audit.findings.as_ref();
        let images: usize = found.map_or(0, |found| {
            Part::BOTH.map(|part| found.images(part).len()).iter().sum()
        });
        let images = grouped(images as u64);
        match news {
            AuditNews::At(_) | AuditNews::Found(_, None) => {}
            AuditNews::Found(_, Some(_)) | AuditNews::Done => {
                self.say(format!("audited: {images} images are suspicious"));
            }
            AuditNews::Stopped => {
                self.say(format!(
                    "the audit is stopped; {images} images are suspicious so far"
                ));
            }
            AuditNews::Failed(reason) => self.fail(reason),
        }
    }

    /// Drops the model in view: its predictions are for other images than those loaded now.
    pub fn forget_model(&mut self) {
        self.view = None;
        self.best = None;
        self.time.forget();
    }

    /// Says what happened, in the status line.
    pub fn say(&mut self, text: impl Into<String>) {
        self.status = text.into();
    }

    /// Reports an error; it stays on the screen until it is dismissed. One that is shown already is not
    /// added again.
    pub fn fail(&mut self, text: impl Into<String>) {
        let text = text.into();
        tracing::error!("{text}");
        if self.errors.contains(&text) {
            return;
        }
        if self.errors.len() == MOST_ERRORS {
            self.errors.remove(0);
        }
        self.errors.push(text);
    }

    /// After a run of several seeds: asks for the next one, or says what they have in common.
    pub fn seed_done(&mut self) {
        let Some(run) = &self.run else {
            return;
        };
        let Some((number, count)) = self.seeds.place(run) else {
            return;
        };
        if !run.is_complete() {
            // What was stopped is no seed like the others.
            return;
        }
        if number < count {
            self.requests.push(Request::NextSeed);
            return;
        }
        let finished = self
            .seeds
            .finished(self.session_runs.iter().chain(&self.run));
        if let Some(spread) = last_of(&finished) {
            let meaning = Spread::MEANING;
            let count = spread.count;
            self.say(format!(
                "{count} seeds are done: validation accuracy of the last epoch {spread} ({meaning})"
            ));
        }
    }

    /// Puts a run in the place of the one in view, which is kept for comparing if it has an epoch.
    pub fn begin_run(&mut self, run: RunState) {
        let before = self.run.replace(run);
        let Some(mut before) = before.filter(|run| !run.epochs.is_empty()) else {
            return;
        };
        // Runs are compared by epochs; their batches would only take memory.
        before.batches = Vec::new();
        before.history = None;
        if self.session_runs.len() == MOST_SESSION_RUNS {
            self.session_runs.remove(0);
        }
        self.session_runs.push(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_said_once_and_a_flood_of_them_ends() {
        let mut shared = Shared::new(Theme::default());
        for number in 0..100 {
            shared.fail(format!("error {number}"));
            shared.fail(format!("error {number}"));
        }
        assert_eq!(shared.errors.len(), MOST_ERRORS);
        assert_eq!(shared.errors.last().map(String::as_str), Some("error 99"));
    }

    #[test]
    fn a_long_session_keeps_its_latest_runs() {
        let mut shared = Shared::new(Theme::default());
        let spec = crate::spec::preset("tiny").unwrap();
        let line = r#"{"epoch":1,"train_loss":1.0,"train_accuracy":0.5,"validation_loss":1.0,"validation_accuracy":0.6,"learning_rate":0.1,"seconds":1.0,"images_per_second":10.0}"#;
        for id in 1..=100 {
            let mut run = RunState::new(id, spec.clone());
            run.epochs.push(serde_json::from_str(line).unwrap());
            shared.begin_run(run);
        }
        assert_eq!(shared.session_runs.len(), MOST_SESSION_RUNS);
        assert_eq!(shared.session_runs.last().map(|run| run.id), Some(99));
    }
}
