//! The baseline, and the view that compares a run with it.

use super::compare::{Compare, CompareAction};
use super::state::Runs;
use crate::runs::PastRun;
use crate::text::shown_path;
use crate::tui::effect::Effect;
use crate::tui::shared::Shared;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Runs {
    /// Makes the chosen run the baseline, or has none again.
    pub(super) fn pin(&mut self, shared: &mut Shared) {
        let Some(run) = self.chosen() else {
            return;
        };
        let (path, name) = (run.path.clone(), run.called().to_owned());
        if shared.baseline.as_ref() == Some(&path) {
            shared.baseline = None;
            shared.say("no baseline");
        } else {
            shared.baseline = Some(path);
            shared.say(format!(
                "{name} is the baseline; c compares another run with it"
            ));
        }
    }

    /// Compares the chosen run with the baseline.
    pub(super) fn compare(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let Some(run) = self.chosen() else {
            return Vec::new();
        };
        let path = run.path.clone();
        match shared.baseline.clone() {
            None => self.pin(shared),
            Some(baseline) if baseline == path => {
                shared.say("this is the baseline; c on another run compares the two");
            }
            Some(baseline) => {
                self.open_comparison([&baseline, &path], shared);
                return self.ask();
            }
        }
        Vec::new()
    }

    /// Opens the view of two listed runs; true where both are there.
    pub(super) fn open_comparison(&mut self, folders: [&Path; 2], shared: &mut Shared) -> bool {
        let listed = shared.past_runs.as_deref().unwrap_or_default();
        let find = |folder: &Path| listed.iter().find(|run| run.path == *folder);
        let [first, second] = folders.map(|folder| find(folder).map(Arc::clone).ok_or(folder));
        match (first, second) {
            (Ok(first), Ok(second)) => {
                self.comparison = Some(Compare::new([first, second]));
                true
            }
            (Err(folder), _) | (_, Err(folder)) => {
                let text = format!("{} is no longer there", shown_path(folder));
                shared.say(text);
                false
            }
        }
    }

    /// Carries out an action of the view.
    pub(super) fn update_comparison(
        &mut self,
        action: CompareAction,
        shared: &mut Shared,
    ) -> Vec<Effect> {
        let Some(comparison) = &mut self.comparison else {
            return Vec::new();
        };
        if action == CompareAction::Back {
            self.back();
            return Vec::new();
        }
        comparison.update(action, shared)
    }

    /// Closes the image that is shown, else the view.
    pub(super) fn back(&mut self) -> bool {
        let is_open = self.comparison.is_some();
        if self.comparison.as_mut().is_some_and(Compare::back) {
            self.comparison = None;
        }
        is_open
    }

    /// Asks for the evaluation of the runs in view where that is still to be done.
    pub(super) fn ask(&mut self) -> Vec<Effect> {
        self.comparison.as_mut().map_or_else(Vec::new, Compare::ask)
    }
}

/// Forgets a baseline that is no longer listed.
pub fn follow_list(runs: &[Arc<PastRun>], baseline: &mut Option<PathBuf>) {
    let is_gone = |folder: &PathBuf| runs.iter().all(|run| run.path != *folder);
    if baseline.as_ref().is_some_and(is_gone) {
        *baseline = None;
    }
}
