//! Runs that can be laid over the curves: those of this session and those below `runs/`.

use crate::stats::Accuracy;
use crate::text::escape_controls;
use crate::train::EpochMetrics;
use crate::tui::run_state::{PastRun, RunState};
use crate::tui::shared::Shared;
use std::path::{Path, PathBuf};

/// Identifies a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunKey {
    /// The number of a run of this session.
    Session(u64),
    /// A folder below `runs/`.
    Folder(PathBuf),
}

/// What is shown of a run.
#[derive(Clone, Debug)]
pub struct RunView<'a> {
    /// Which one it is.
    pub key: RunKey,
    /// Its name, safe to print.
    pub name: String,
    /// Its finished epochs.
    pub epochs: &'a [EpochMetrics],
    /// How many images it was validated with; 0 where that is not known.
    pub validation_images: usize,
    /// Trainable parameters, where they are known.
    pub parameters: Option<u64>,
}

impl<'a> RunView<'a> {
    /// A run of this session.
    pub fn of_session(run: &'a RunState) -> Self {
        Self {
            key: RunKey::Session(run.id),
            name: format!(
                "{}, seed {}",
                escape_controls(&run.spec.name),
                run.spec.seed
            ),
            epochs: &run.epochs,
            validation_images: run
                .start
                .as_ref()
                .map_or(0, |start| start.validation_images),
            parameters: run.start.as_ref().map(|start| start.parameters),
        }
    }

    fn of_folder(run: &'a PastRun) -> Self {
        Self {
            key: RunKey::Folder(run.path.clone()),
            name: run.name.clone(),
            epochs: &run.epochs,
            validation_images: run.data.as_ref().map_or(0, |data| data.validation_images),
            parameters: run.spec.is_ok().then_some(run.parameters),
        }
    }

    /// A share of its validation images, with its error.
    pub fn accuracy(&self, share: f64) -> Accuracy {
        Accuracy::of(share, self.validation_images)
    }

    /// Seconds of training.
    pub fn seconds(&self) -> f64 {
        self.epochs.iter().map(|epoch| epoch.seconds).sum()
    }
}

/// The folder of a run of this session, if it has one.
pub fn folder(run: &RunState) -> Option<&Path> {
    run.start.as_ref()?.folder.as_deref()
}

/// The folder of any run.
pub fn folder_of<'a>(key: &'a RunKey, shared: &'a Shared) -> Option<&'a Path> {
    match key {
        RunKey::Folder(path) => Some(path),
        RunKey::Session(id) => {
            let mut runs = shared.session_runs.iter().chain(&shared.run);
            folder(runs.find(|run| run.id == *id)?)
        }
    }
}

/// The runs in the chart that have epochs: the one in view, then those laid over it.
pub fn in_chart<'a>(keys: &[RunKey], shared: &'a Shared) -> Vec<RunView<'a>> {
    let own = shared.run.as_ref().map(RunView::of_session);
    let others = chosen(keys, shared).into_iter().map(|(_, run)| run);
    let all = own.into_iter().chain(others);
    all.filter(|run| !run.epochs.is_empty()).collect()
}

/// All runs but the one in view, this session's first, the newest first. A run of the session is not
/// listed a second time with its folder.
pub fn candidates(shared: &Shared) -> Vec<RunView<'_>> {
    let session = || shared.session_runs.iter().chain(&shared.run);
    let is_of_session = |path: &Path| session().any(|run| folder(run) == Some(path));
    let folders = shared.past_runs.iter().flatten();
    shared
        .session_runs
        .iter()
        .rev()
        .map(RunView::of_session)
        .chain(
            folders
                .filter(|run| !is_of_session(&run.path))
                .map(|run| RunView::of_folder(run)),
        )
        .collect()
}

/// The runs with these keys that are still there, each with its position among the keys.
pub fn chosen<'a>(keys: &[RunKey], shared: &'a Shared) -> Vec<(usize, RunView<'a>)> {
    if keys.is_empty() {
        return Vec::new();
    }
    let candidates = candidates(shared);
    let find = |key: &RunKey| candidates.iter().find(|run| run.key == *key).cloned();
    keys.iter()
        .enumerate()
        .filter_map(|(index, key)| Some((index, find(key)?)))
        .collect()
}

/// The letter of the run at this position among the compared ones.
pub fn letter(index: usize) -> char {
    char::from(b'A' + (index % 26) as u8)
}
