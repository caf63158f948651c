//! The screen's state and what changes it.

use super::compare::Compare;
use super::keys::RunsAction;
use super::order::{Sort, sorted};
use crate::runs::{BEST_FILE, GoingOn};
use crate::text::escape_controls;
use crate::tui::effect::{Effect, Job};
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::run_state::PastRun;
use crate::tui::shared::Shared;
use std::path::PathBuf;
use std::sync::Arc;

/// The screen's state.
#[derive(Debug, Default)]
pub struct Runs {
    pub(super) sort: Sort,
    /// The chosen run's folder: it stays chosen when the list is read or sorted again.
    pub(super) selected: Option<PathBuf>,
    /// The chosen row of the list of epochs to fork from, while it is open.
    pub(super) fork: Option<usize>,
    /// Two runs beside each other, in place of the list.
    pub(super) comparison: Option<Compare>,
    /// The row it had last: what moves up when it is deleted is chosen next.
    last_row: usize,
}

impl Runs {
    /// Takes the list of runs that was just read.
    pub fn listed(&mut self, runs: &[Arc<PastRun>]) {
        let is_there = |path: &PathBuf| runs.iter().any(|run| run.path == *path);
        if !self.selected.as_ref().is_some_and(is_there) {
            let runs = sorted(runs, self.sort);
            let row = self.last_row.min(runs.len().saturating_sub(1));
            self.selected = runs.get(row).map(|run| run.path.clone());
        }
    }

    /// Carries out an action.
    pub fn update(&mut self, action: RunsAction, shared: &mut Shared) -> Vec<Effect> {
        match action {
            RunsAction::Move(step) => self.step(step, shared),
            RunsAction::NextSort => {
                self.sort = self.sort.next();
                shared.say(format!("sorted by {}", self.sort.title()));
            }
            RunsAction::Open => return self.open(shared),
            RunsAction::Pin => self.pin(shared),
            RunsAction::Compare => return self.compare(shared),
            RunsAction::Continue => self.go_on(shared),
            RunsAction::OpenForks => self.open_forks(shared),
            RunsAction::MoveInForks(step) => self.move_in_forks(step, shared),
            RunsAction::Fork => self.fork(shared),
            RunsAction::CloseForks => self.fork = None,
            RunsAction::Delete => return self.delete(shared),
            RunsAction::Reload => {
                shared.say("reading runs/");
                return vec![Job::ScanRuns.into()];
            }
        }
        Vec::new()
    }

    pub(super) fn step(&mut self, step: isize, shared: &Shared) {
        let runs = self.runs(shared);
        let last = runs.len().saturating_sub(1);
        let row = self.row(&runs).saturating_add_signed(step).min(last);
        self.selected = runs.get(row).map(|run| run.path.clone());
        self.last_row = row;
    }

    /// The runs in the order they are shown.
    pub(super) fn runs<'a>(&self, shared: &'a Shared) -> Vec<&'a PastRun> {
        sorted(shared.past_runs.as_deref().unwrap_or_default(), self.sort)
    }

    /// The chosen row.
    pub(super) fn row(&self, runs: &[&PastRun]) -> usize {
        let chosen = |run: &&PastRun| Some(&run.path) == self.selected.as_ref();
        runs.iter().position(chosen).unwrap_or(0)
    }

    fn open(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let runs = self.runs(shared);
        let Some(run) = runs.get(self.row(&runs)) else {
            return Vec::new();
        };
        match &run.spec {
            Err(reason) => {
                let text = format!("{} cannot be read: {reason}", run.name);
                shared.say(text);
            }
            Ok(_) if run.has_model => {
                let text = format!("loading the best model of {}", run.name);
                let path = run.path.join(BEST_FILE);
                shared.say(text);
                return vec![Job::LoadModel(path).into()];
            }
            Ok(spec) => {
                let request = Request::OpenSpec(Box::new(spec.clone().into_spec()));
                shared.requests.push(request);
            }
        }
        Vec::new()
    }

    fn go_on(&mut self, shared: &mut Shared) {
        let runs = self.runs(shared);
        let Some(run) = runs.get(self.row(&runs)) else {
            return;
        };
        let why_not = match &run.spec {
            Ok(spec) if run.can_go_on() => {
                let how = GoingOn::to_its_end(run.path.clone());
                let request = Request::Continue(Box::new(spec.clone()), how);
                shared.requests.push(request);
                return;
            }
            Ok(spec) if run.is_complete() && !run.checkpoints.is_empty() && !run.in_use => {
                let how = GoingOn::to_its_end(run.path.clone());
                let request = Request::ask_for_more(spec.clone(), how, run.epochs.len());
                shared.requests.push(request);
                return;
            }
            Err(reason) => format!("{} cannot be read: {reason}", run.name),
            Ok(_) if run.in_use => "this run is under way".to_owned(),
            Ok(_) => "this run has no checkpoint; Enter opens its network, t trains it".to_owned(),
        };
        shared.say(why_not);
    }

    fn delete(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let runs = self.runs(shared);
        let Some(run) = runs.get(self.row(&runs)) else {
            return Vec::new();
        };
        if shared.is_under_way(&run.path) {
            shared.say("this run is under way; x on the Train screen stops it");
            return Vec::new();
        }
        let epochs = match run.epochs.len() {
            1 => "1 epoch".to_owned(),
            count => format!("{count} epochs"),
        };
        let path = escape_controls(&run.path.display().to_string());
        let text = format!("Delete {path} with its models and the metrics of {epochs}?");
        let question = Question::DeleteRun(run.path.clone());
        self.last_row = self.row(&runs);
        shared.requests.push(Request::Ask(question, text));
        Vec::new()
    }
}
