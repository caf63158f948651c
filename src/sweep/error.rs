//! Why a sweep cannot be started, resumed or shown.

use crate::spec::vary::VaryError;
use crate::text::shown_path;
use std::path::PathBuf;

/// Why a sweep cannot be started, resumed or shown.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The fields that are varied do not make a valid grid.
    #[error(transparent)]
    Vary(#[from] VaryError),
    /// Members that cannot be compared early.
    #[error("--prune: {reason}")]
    Prune {
        /// Why, and what to do.
        reason: String,
    },
    /// Another sweep is in the folder.
    #[error(
        "{path}: another sweep is in this folder: {difference}; choose another folder with --out, or \
         give the command that it was begun with",
        path = shown_path(.path)
    )]
    Other {
        /// The folder.
        path: PathBuf,
        /// In what the two differ.
        difference: String,
    },
    /// Something that is no sweep is in the folder.
    #[error(
        "{path}: the folder is not empty and holds no sweep; choose a new one with --out",
        path = shown_path(.path)
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// There is no sweep that could be read.
    #[error("{path}: no sweep can be read there: {reason}", path = shown_path(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The folder or its file could not be written.
    #[error("{path}: {doing}: {source}", path = shown_path(.path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
}
