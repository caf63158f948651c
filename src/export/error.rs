//! Why a run or a model could not be exported.

use crate::text::shown_path;
use std::path::{Path, PathBuf};

/// Why a run or a model could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file could not be read or written.
    #[error("{}: cannot {doing}", shown_path(.path))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// A table could not be made.
    #[error("cannot write the epochs as CSV: {0}")]
    Csv(String),
    /// A model could not be written as C.
    #[error("cannot write the model as C: {0}")]
    C(String),
}

impl ExportError {
    pub(super) fn file(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            path,
            doing,
            source,
        }
    }
}
