//! Why a data set could not be fetched.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// What stopped a fetch. The text names the file or address and the remedy.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The folder cannot be made.
    #[error("{}: cannot create the folder: {source}; choose another one with `data fetch --to DIR`", .dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// Files with the right names but other content are in the folder.
    #[error(
        "{}: there already and not what is published, so left alone; fetch into another folder with \
         `data fetch --to DIR`, or put the published file in its place with `data fetch --replace`",
        listed(.paths)
    )]
    Different {
        /// The files.
        paths: Vec<PathBuf>,
    },

    /// A file under another name would be read instead of the fetched one.
    #[error(
        "{}: not what is published, and would be read instead of the fetched file; move it away first",
        .path.display()
    )]
    InTheWay {
        /// The file.
        path: PathBuf,
    },

    /// Another process is writing the same file.
    #[error("{}: another fetch is writing this file; wait for its end, or choose another folder with `data fetch --to DIR`", .path.display())]
    Busy {
        /// The unfinished file.
        path: PathBuf,
    },

    /// A file cannot be read or written.
    #[error("{}: cannot be read or written: {source}; make room or choose another folder with `data fetch --to DIR`, then fetch again", .path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// No address had the file. The reasons come last: a screen may have no room for them all.
    #[error(
        "{name}: could not be fetched; check the network and the proxy variables, or name another server with \
         `data fetch --from URL`; what has arrived is kept for the next fetch; tried were {}",
        .reasons.join("; ")
    )]
    NoMirror {
        /// The file.
        name: String,
        /// For each address, what went wrong there last.
        reasons: Vec<String>,
    },

    /// It was cancelled.
    #[error("stopped; what has arrived is kept and the next fetch goes on from there")]
    Cancelled,
}

fn listed(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    paths.join(", ")
}
