//! Why nothing was imported, each said in one line with what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::text::shown_path;

/// Why nothing was imported. No file is left of an import that failed.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The source is not there.
    #[error("{}: no such file or folder; check the path", shown_path(.0))]
    NotFound(PathBuf),
    /// Something of the source cannot be read.
    #[error("{}: cannot be read: {source}; check its permissions and the disk", shown_path(.path))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file or folder is not what it should be.
    #[error("{}: {reason}", shown_path(.path))]
    Wrong {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// There are files in the folder for the result.
    #[error("{}: the folder is not empty, and nothing is overwritten; choose another one", shown_path(.0))]
    NotEmpty(PathBuf),
    /// The result cannot be written.
    #[error("{}: cannot be written: {source}", shown_path(.path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// There is not enough memory for the pictures.
    #[error("the pictures do not fit in memory; import fewer of them, or smaller images (--size)")]
    NoMemory,
    /// It was stopped.
    #[error("the import was stopped")]
    Cancelled,
}

impl ImportError {
    /// A file or folder that is not what it should be.
    pub(super) fn wrong(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Wrong {
            path: path.into(),
            reason: reason.into(),
        }
    }

    /// The same of a file that was unpacked into the folder `unpacked`: it is called by its place in `archive`.
    pub(super) fn in_archive(mut self, unpacked: &Path, archive: &Path) -> Self {
        if let Self::NotFound(path) | Self::Read { path, .. } | Self::Wrong { path, .. } = &mut self
            && let Ok(inside) = path.strip_prefix(unpacked)
        {
            // An empty path would leave a separator at the end.
            *path = match inside.as_os_str().is_empty() {
                true => archive.to_owned(),
                false => archive.join(inside),
            };
        }
        self
    }

    /// That reading failed.
    pub(super) fn read(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound(path),
            io::ErrorKind::UnexpectedEof => Self::wrong(path, "is cut short; get the file again"),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::wrong(
                path,
                format!("is damaged or cut short ({source}); get the file again"),
            ),
            _ => Self::Read { path, source },
        }
    }
}
