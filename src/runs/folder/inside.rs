//! Run folders inside another folder.

use super::{METRICS_FILE, SPEC_FILE};
use std::path::{Path, PathBuf};

/// At most this many entries of a folder are read.
const MAX_ENTRIES: usize = 100_000;

/// Whether a folder is a run's.
pub fn is_run(folder: &Path) -> bool {
    [SPEC_FILE, METRICS_FILE]
        .iter()
        .any(|name| folder.join(name).is_file())
}

/// The run folders directly inside a folder, sorted by name; none where it is a run's itself.
pub fn runs_in(folder: &Path) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) if !is_run(folder) => entries,
        _ => return Vec::new(),
    };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut runs: Vec<PathBuf> = paths
        .take(MAX_ENTRIES)
        .filter(|path| is_run(path))
        .collect();
    runs.sort();
    runs
}
