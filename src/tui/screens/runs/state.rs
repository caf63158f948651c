//! The screen's state and what changes it.

use super::compare::Compare;
use super::keys::RunsAction;
use super::order::Sort;
use super::rows::{Row, RowId, name_of, position, rows};
use crate::runs::{BEST_FILE, Fold, GoingOn};
use crate::text::escape_controls;
use crate::tui::effect::{Effect, Job};
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::run_state::PastRun;
use crate::tui::shared::Shared;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The screen's state.
#[derive(Debug, Default)]
pub struct Runs {
    pub(super) sort: Sort,
    /// The runs in the order they are shown; those that differ by the seed alone are one.
    pub(super) folds: Vec<Fold>,
    /// Those of them that are shown seed by seed.
    open: HashSet<PathBuf>,
    /// The chosen row: it stays chosen when the list is read or sorted again.
    pub(super) selected: Option<RowId>,
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
        self.arrange(runs);
        let rows = self.rows();
        let is_there = |id: &RowId| position(&rows, id).is_some();
        if !self.selected.as_ref().is_some_and(is_there) {
            let row = self.last_row.min(rows.len().saturating_sub(1));
            self.selected = rows.get(row).map(Row::id);
        }
    }

    fn arrange(&mut self, runs: &[Arc<PastRun>]) {
        self.folds = Fold::of(runs);
        self.sort.apply(&mut self.folds);
    }

    /// Carries out an action.
    pub fn update(&mut self, action: RunsAction, shared: &mut Shared) -> Vec<Effect> {
        if action.is_of_one_run() && self.is_at_fold() {
            match action {
                RunsAction::Open => self.toggle_fold(),
                _ => {
                    self.open_fold();
                    shared.say("these are several runs; choose one of the seeds below");
                }
            }
            return Vec::new();
        }
        match action {
            RunsAction::Move(step) => self.step(step),
            RunsAction::ToggleFold if self.fold_of_chosen().is_some() => self.toggle_fold(),
            RunsAction::ToggleFold => {
                shared.say("no other run differs from this one by the seed alone");
            }
            RunsAction::NextSort => {
                self.sort = self.sort.next();
                self.arrange(shared.past_runs.as_deref().unwrap_or_default());
                shared.say(format!("sorted by {}", self.sort.title()));
            }
            RunsAction::Open => return self.open(shared),
            RunsAction::Pin => self.pin(shared),
            RunsAction::Compare => return self.compare(shared),
            RunsAction::Continue => self.go_on(shared),
            RunsAction::OpenForks => self.open_forks(shared),
            RunsAction::MoveInForks(step) => self.move_in_forks(step),
            RunsAction::Fork => self.fork(shared),
            RunsAction::CloseForks => self.fork = None,
            RunsAction::Label => {
                let request = self.chosen().map(Request::AskForLabel);
                shared.requests.extend(request);
            }
            RunsAction::Export => {
                if let Some(run) = self.chosen() {
                    let request = Request::AskWhereToExport(run.path.clone());
                    shared.requests.push(request);
                }
            }
            RunsAction::Delete => return self.delete(shared),
            RunsAction::Reload => {
                shared.say("reading runs/");
                return vec![Job::ScanRuns.into()];
            }
        }
        Vec::new()
    }

    pub(super) fn step(&mut self, step: isize) {
        let rows = self.rows();
        let last = rows.len().saturating_sub(1);
        let row = self.row(&rows).saturating_add_signed(step).min(last);
        self.selected = rows.get(row).map(Row::id);
        self.last_row = row;
    }

    /// The rows in the order they are shown.
    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        rows(&self.folds, &self.open)
    }

    /// Which row is the chosen one.
    pub(super) fn row(&self, rows: &[Row<'_>]) -> usize {
        let selected = self.selected.as_ref();
        selected.and_then(|id| position(rows, id)).unwrap_or(0)
    }

    /// The chosen run; none where several seeds are chosen as one.
    pub(super) fn chosen(&self) -> Option<Arc<PastRun>> {
        let rows = self.rows();
        let run = rows.get(self.row(&rows))?.run()?;
        Some(Arc::clone(run))
    }

    /// The runs that the chosen row is of or belongs to, where there are several.
    fn fold_of_chosen(&self) -> Option<&Fold> {
        let rows = self.rows();
        match rows.get(self.row(&rows))? {
            Row::Fold { fold, .. } => Some(fold),
            Row::Run(_) => None,
            Row::Seed(run) => self.folds.iter().find(|fold| fold.runs.contains(run)),
        }
    }

    pub(super) fn is_at_fold(&self) -> bool {
        let rows = self.rows();
        matches!(rows.get(self.row(&rows)), Some(Row::Fold { .. }))
    }

    fn open_fold(&mut self) {
        if let Some(name) = self.fold_of_chosen().map(name_of) {
            self.open.insert(name);
        }
    }

    pub(super) fn toggle_fold(&mut self) {
        let Some(name) = self.fold_of_chosen().map(name_of) else {
            return;
        };
        if !self.open.remove(&name) {
            self.open.insert(name.clone());
        }
        self.selected = Some(RowId::Fold(name));
    }

    fn open(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let Some(run) = self.chosen() else {
            return Vec::new();
        };
        match &run.spec {
            Err(reason) => {
                let text = format!("{} cannot be read: {reason}", run.called());
                shared.say(text);
            }
            Ok(_) if run.has_model => {
                let text = format!("loading the best model of {}", run.called());
                let path = run.path.join(BEST_FILE);
                shared.say(text);
                let network = None;
                return vec![Job::LoadModel { path, network }.into()];
            }
            Ok(spec) => {
                let request = Request::OpenSpec(Box::new(spec.clone().into_spec()));
                shared.requests.push(request);
            }
        }
        Vec::new()
    }

    fn go_on(&mut self, shared: &mut Shared) {
        let Some(run) = self.chosen() else {
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
            Err(reason) => format!("{} cannot be read: {reason}", run.called()),
            Ok(_) if run.in_use => "this run is under way".to_owned(),
            Ok(_) => "this run has no checkpoint; Enter opens its network, t trains it".to_owned(),
        };
        shared.say(why_not);
    }

    fn delete(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let Some(run) = self.chosen() else {
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
        self.last_row = self.row(&self.rows());
        shared.requests.push(Request::Ask(question, text));
        Vec::new()
    }
}
