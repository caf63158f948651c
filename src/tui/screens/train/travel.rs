//! The crosshair as the place in time: it stands at the epoch that all screens show, and moves them along.

use super::compare::{self, RunKey};
use super::crosshair;
use super::state::Train;
use crate::train::EpochMetrics;
use crate::tui::run_state::RunState;
use crate::tui::shared::Shared;
use std::path::Path;

impl Train {
    /// Puts the crosshair where the other screens have gone to, and lays the curves of a run that was loaded over
    /// the chart.
    pub(super) fn follow_time(&mut self, shared: &Shared) {
        self.show_loaded(shared);
        let epoch = shared.time.epoch();
        if epoch == self.time {
            return;
        }
        self.time = epoch;
        self.crosshair = epoch.and_then(|epoch| {
            let epochs = epochs_in_time(shared)?;
            let place = epochs.iter().position(|metrics| metrics.epoch == epoch)?;
            self.over.positions(epochs).get(place).copied()
        });
    }

    /// Takes all screens to the epoch at the crosshair, if its history is known.
    pub(super) fn lead_time(&mut self, shared: &mut Shared) {
        let at = self.crosshair.and_then(|at| {
            let epoch = crosshair::reading(epochs_in_time(shared)?, self.over, at)?;
            Some(epoch.epoch)
        });
        if !at.is_some_and(|epoch| shared.time.go_to(epoch)) {
            shared.time.to_now();
        }
        self.time = shared.time.epoch();
    }

    fn show_loaded(&mut self, shared: &Shared) {
        let folder = shared
            .time
            .known()
            .and_then(|known| known.folder.as_deref());
        if folder == self.loaded.as_deref() {
            return;
        }
        // What a person has chosen stays.
        if let Some(key) = self.laid.take() {
            self.compared.retain(|other| *other != key);
        }
        self.loaded = folder.map(Path::to_owned);
        let candidates = compare::candidates(shared);
        let of_folder = |key: &RunKey| compare::folder_of(key, shared) == folder;
        let found = candidates.into_iter().find(|run| of_folder(&run.key));
        let Some(run) = found.filter(|run| folder.is_some() && !run.epochs.is_empty()) else {
            return;
        };
        if !self.compared.contains(&run.key) && self.compared.len() < super::state::MOST_COMPARED {
            self.compared.push(run.key.clone());
            self.laid = Some(run.key);
        }
    }
}

/// The epochs of the run whose history is known.
fn epochs_in_time(shared: &Shared) -> Option<&[EpochMetrics]> {
    let Some(folder) = shared.time.known()?.folder.as_deref() else {
        return shared.run.as_ref().map(|run| run.epochs.as_slice());
    };
    let is_of = |run: &&RunState| compare::folder(run) == Some(folder);
    let mut session = shared.session_runs.iter().chain(&shared.run);
    if let Some(run) = session.find(is_of) {
        return Some(&run.epochs);
    }
    let mut past = shared.past_runs.iter().flatten();
    let run = past.find(|run| run.path == folder)?;
    Some(&run.epochs)
}
