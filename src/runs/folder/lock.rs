//! One process at a time writes into a run folder.

use crate::train::TrainError;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// The file that is locked. The system releases the lock when the process ends, however it ends; the
/// file itself stays and means nothing.
pub const LOCK_FILE: &str = "run.lock";

/// The lock of a run folder, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the folder at `path`.
    ///
    /// # Errors
    /// When another process has it, or the file cannot be made.
    pub fn take(path: &Path) -> Result<Self, TrainError> {
        let lock = path.join(LOCK_FILE);
        let failed = |source| TrainError::Write {
            path: lock.clone(),
            doing: "cannot lock the run folder",
            source,
        };
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                note_owner(&mut file).map_err(failed)?;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(TrainError::FolderLocked {
                    path: path.to_owned(),
                    owner: owner(&mut file),
                });
            }
            // Some network file systems have no locks; a run there has none.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(Self { _file: file })
    }

    /// Whether a process holds the lock of the folder at `path`.
    pub fn is_taken(path: &Path) -> bool {
        let file = File::open(path.join(LOCK_FILE));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// Whether a process is training the run in this folder.
pub fn is_in_use(folder: &Path) -> bool {
    Lock::is_taken(folder)
}

/// Writes the id of this process into the file, for the error that another process gets.
fn note_owner(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// Which process holds the lock, if the file says.
fn owner(file: &mut File) -> String {
    let mut text = String::new();
    // Elsewhere than on Unix a locked file cannot even be read.
    let read = file.take(20).read_to_string(&mut text);
    match text.trim().parse::<u32>() {
        Ok(id) if read.is_ok() => format!("process {id}"),
        _ => "another process".into(),
    }
}
