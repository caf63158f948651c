//! Where a run folder is to be, and making it there.

use super::lock::LOCK_FILE;
use crate::fs::TEMPORARY_PREFIX;
use crate::text::{file_name, quoted};
use crate::train::TrainError;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Where a run keeps its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunPlace {
    /// A new folder inside this one, named after the time and the spec.
    Under(PathBuf),
    /// Exactly this folder: new, or there and empty.
    At(PathBuf),
    /// This folder of an earlier run, which is resumed from its last checkpoint.
    Resume(PathBuf),
}

/// `<parent>/<YYYYMMDD-HHMMSS>-<name>`, with `-2`, `-3` … appended where that exists.
pub(super) fn create_under(parent: &Path, name: &str) -> Result<PathBuf, TrainError> {
    let failed = |path: &Path, source| TrainError::Write {
        path: path.to_owned(),
        doing: "cannot create the run folder",
        source,
    };
    std::fs::create_dir_all(parent).map_err(|source| failed(parent, source))?;
    let time = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    // The comma of a list of changes would become a second hyphen.
    let base = format!("{time}-{}", file_name(&name.replace(", ", " ")));
    let mut attempt = 1;
    loop {
        let path = match attempt {
            1 => parent.join(&base),
            _ => parent.join(format!("{base}-{attempt}")),
        };
        match std::fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 10_000 => {
                attempt += 1
            }
            Err(error) => return Err(failed(&path, error)),
        }
    }
}

/// How a run was started, as far as it must be resumed in the same way.
#[derive(Clone, Debug, Default)]
pub struct StartedWith {
    /// The folder of the data, where it was named.
    pub data: Option<PathBuf>,
    /// The folder of curves for TensorBoard.
    pub tensorboard: Option<PathBuf>,
    /// The number of threads, where it was given.
    pub threads: Option<usize>,
    /// Whether it prints JSON.
    pub json: bool,
}

/// The command that resumes the run in `folder`, ready to be pasted into a shell.
pub fn resume_command(folder: &Path, started: &StartedWith) -> String {
    let quoted = |path: &Path| quoted(&path.display().to_string());
    let mut command = format!("fmnist-tui train --resume {}", quoted(folder));
    for (option, path) in [
        ("--data", &started.data),
        ("--tensorboard", &started.tensorboard),
    ] {
        if let Some(path) = path {
            command.push_str(&format!(" {option} {}", quoted(path)));
        }
    }
    if let Some(threads) = started.threads {
        command.push_str(&format!(" --threads {threads}"));
    }
    if started.json {
        command.push_str(" --json");
    }
    command
}

/// Whether a file of this name may be left by a process that was killed before it had saved anything.
pub(super) fn is_left_over(name: &str) -> bool {
    name == LOCK_FILE || name.starts_with(TEMPORARY_PREFIX)
}

/// Makes the folder, or makes sure that the one there is empty. Returns whether it was made.
pub(super) fn create_at(path: &Path) -> Result<bool, TrainError> {
    let failed = |source| TrainError::Write {
        path: path.to_owned(),
        doing: "cannot create the run folder",
        source,
    };
    match std::fs::read_dir(path) {
        Ok(entries) => {
            for entry in entries {
                if !is_left_over(&entry.map_err(failed)?.file_name().to_string_lossy()) {
                    return Err(TrainError::FolderInUse {
                        path: path.to_owned(),
                    });
                }
            }
            Ok(false)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).map_err(failed)?;
            }
            match std::fs::create_dir(path) {
                Ok(()) => Ok(true),
                // Another process has just made it; which of the two trains there the lock decides.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(failed(error)),
            }
        }
        Err(error) => Err(failed(error)),
    }
}
