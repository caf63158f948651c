//! The rows of the list: runs, and in one row those that differ by the seed alone.

use crate::runs::Fold;
use crate::tui::run_state::PastRun;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Row<'a> {
    /// A run by itself.
    Run(&'a Arc<PastRun>),
    /// Several runs, shown as one, or followed by a row of each.
    Fold {
        /// The runs.
        fold: &'a Fold,
        /// Whether a row of each follows.
        is_open: bool,
    },
    /// One of them below their row.
    Seed(&'a Arc<PastRun>),
}

/// Knows a row again when the list was read or sorted anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowId {
    /// The run in this folder.
    Run(PathBuf),
    /// The runs of which this folder's name is the first.
    Fold(PathBuf),
}

impl RowId {
    fn folder(&self) -> &Path {
        match self {
            Self::Run(folder) | Self::Fold(folder) => folder,
        }
    }
}

impl<'a> Row<'a> {
    /// What it is known by.
    pub fn id(&self) -> RowId {
        match self {
            Self::Run(run) | Self::Seed(run) => RowId::Run(run.path.clone()),
            Self::Fold { fold, .. } => RowId::Fold(name_of(fold)),
        }
    }

    /// The run, where it is of a single one.
    pub fn run(&self) -> Option<&'a Arc<PastRun>> {
        match self {
            Self::Run(run) | Self::Seed(run) => Some(run),
            Self::Fold { .. } => None,
        }
    }

    fn has(&self, folder: &Path) -> bool {
        match self {
            Self::Run(run) | Self::Seed(run) => run.path == folder,
            Self::Fold { fold, .. } => fold.runs.iter().any(|run| run.path == folder),
        }
    }
}

/// What a fold is known by. The runs to come have later names, so that it stays the same.
pub fn name_of(fold: &Fold) -> PathBuf {
    let folders = fold.runs.iter().map(|run| &run.path);
    folders.min().cloned().unwrap_or_default()
}

/// The rows of these folds, of which the named ones are open.
pub fn rows<'a>(folds: &'a [Fold], open: &HashSet<PathBuf>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for fold in folds {
        if let [run] = fold.runs.as_slice() {
            rows.push(Row::Run(run));
            continue;
        }
        let is_open = open.contains(&name_of(fold));
        rows.push(Row::Fold { fold, is_open });
        if is_open {
            let mut seeds: Vec<&Arc<PastRun>> = fold.runs.iter().collect();
            seeds.sort_by_key(|run| run.spec.as_ref().map_or(0, |spec| spec.seed));
            rows.extend(seeds.into_iter().map(Row::Seed));
        }
    }
    rows
}

/// Where a row is, or the row that took up what it showed.
pub fn position(rows: &[Row<'_>], id: &RowId) -> Option<usize> {
    let itself = rows.iter().position(|row| row.id() == *id);
    itself.or_else(|| rows.iter().position(|row| row.has(id.folder())))
}
