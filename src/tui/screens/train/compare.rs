//! Runs that can be laid over the curves: those of this session and those below `runs/`.

use crate::runs::folder_name;
use crate::stats::Accuracy;
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
    /// What it is called, safe to print: what was trained in few words with the seed, or as a person says.
    pub name: String,
    /// Its folder's name, if it has one.
    pub folder: Option<String>,
    /// Its finished epochs.
    pub epochs: &'a [EpochMetrics],
    /// How many images it was validated with; 0 where that is not known.
    pub validation_images: usize,
}

impl<'a> RunView<'a> {
    /// A run of this session.
    pub fn of_session(run: &'a RunState) -> Self {
        Self {
            key: RunKey::Session(run.id),
            name: name(&run.title, run.spec.seed),
            folder: folder(run).map(folder_name),
            epochs: &run.epochs,
            validation_images: run
                .start
                .as_ref()
                .map_or(0, |start| start.validation_images),
        }
    }

    fn of_folder(run: &'a PastRun) -> Self {
        Self {
            key: RunKey::Folder(run.path.clone()),
            name: match (run.label.name.as_str(), &run.spec) {
                ("", Ok(spec)) => name(&run.title, spec.seed),
                _ => run.called().to_owned(),
            },
            folder: Some(run.name.clone()),
            epochs: &run.epochs,
            validation_images: run.data.as_ref().map_or(0, |data| data.validation_images),
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

fn name(title: &str, seed: u64) -> String {
    format!("{title}, seed {seed}")
}

/// The folder of a run of this session, if it has one.
pub fn folder(run: &RunState) -> Option<&Path> {
    run.start.as_ref()?.folder.as_deref()
}

/// A run of this session, by the name that a person gave its folder, if one did.
fn of_session<'a>(run: &'a RunState, shared: &Shared) -> RunView<'a> {
    let mut view = RunView::of_session(run);
    let mut read = shared.past_runs.iter().flatten();
    let named = read.find(|past| Some(past.path.as_path()) == folder(run));
    if let Some(named) = named.filter(|past| !past.label.name.is_empty()) {
        view.name.clone_from(&named.label.name);
    }
    view
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
    let own = shared.run.as_ref().map(|run| of_session(run, shared));
    let others = chosen(keys, shared).into_iter().map(|(_, run)| run);
    let all = own.into_iter().chain(others);
    all.filter(|run| !run.epochs.is_empty()).collect()
}

/// All runs but the one in view, this session's first, the newest first. A run of the session is not
/// listed a second time with its folder, nor one that was gone on with beside what became of it.
pub fn candidates(shared: &Shared) -> Vec<RunView<'_>> {
    let session: Vec<&RunState> = shared.session_runs.iter().chain(&shared.run).collect();
    let is_of_session = |path: &Path| session.iter().any(|run| folder(run) == Some(path));
    let goes_on = |index: usize, run: &RunState| {
        let later = session.iter().skip(index + 1);
        folder(run).is_some_and(|path| later.clone().any(|later| folder(later) == Some(path)))
    };
    let folders = shared.past_runs.iter().flatten();
    let before = shared.session_runs.iter().enumerate().rev();
    before
        .filter(|(index, run)| !goes_on(*index, run))
        .map(|(_, run)| of_session(run, shared))
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
