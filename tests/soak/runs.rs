//! The run folders that the program leaves behind.

use fmnist_tui::spec::{Spec, preset};
use fmnist_tui::train::EpochMetrics;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that stay; a list of runs is as long as what is on the disk, and must not pass for a leak.
const KEPT: usize = 20;

/// The folders below `runs/`, the oldest first.
pub struct Runs {
    parent: PathBuf,
    seen: Vec<PathBuf>,
}

impl Runs {
    pub fn of(folder: &Path) -> Self {
        Self {
            parent: folder.join("runs"),
            seen: Vec::new(),
        }
    }

    /// A folder that was not there the last time.
    pub fn new_one(&mut self) -> Option<PathBuf> {
        let entries = fs::read_dir(&self.parent).ok()?;
        let paths = entries.map(|entry| entry.unwrap().path());
        let new = paths.into_iter().find(|path| !self.seen.contains(path))?;
        self.seen.push(new.clone());
        Some(new)
    }

    /// Deletes all but the latest.
    pub fn tidy(&mut self) {
        let gone = self.seen.len().saturating_sub(KEPT);
        for path in self.seen.drain(..gone) {
            // The keys may have deleted it already.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// How many epochs a finished run has written, in order and on the preset `tiny`; none where the
/// keys have deleted it.
pub fn epochs(run: &Path) -> Option<usize> {
    let text = fs::read_to_string(run.join("metrics.jsonl")).ok()?;
    assert_eq!(
        Spec::read(&run.join("spec.json")).unwrap(),
        preset("tiny").unwrap()
    );
    let epochs: Vec<usize> = text
        .lines()
        .map(|line| serde_json::from_str::<EpochMetrics>(line).unwrap().epoch)
        .collect();
    assert!(epochs.iter().copied().eq(1..=epochs.len()), "{epochs:?}");
    Some(epochs.len())
}
