//! An unfinished file: `name.part` in the folder where `name` will be.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use super::error::FetchError;
use crate::data::checksum::{self, Checksum};

/// How often a file that was renamed meanwhile is opened again before giving up.
const REOPENINGS: usize = 8;

/// The unfinished file, open for this process alone.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    target: PathBuf,
    length: u64,
    checksum: Checksum,
}

impl Part {
    /// Opens the part of `target`; what an earlier fetch left in it is kept.
    ///
    /// # Errors
    /// [`FetchError::Busy`] while another fetch has it open, [`FetchError::Disk`].
    pub fn open(target: &Path) -> Result<Self, FetchError> {
        let mut path = target.as_os_str().to_owned();
        path.push(".part");
        let path = PathBuf::from(path);
        let failed = |source| disk(&path, source);
        let mut file = lock(&path)?;
        let mut checksum = Checksum::default();
        let length = checksum::read_all(&mut checksum, &mut file).map_err(failed)?;
        Ok(Self {
            file,
            target: target.into(),
            length,
            checksum,
            path,
        })
    }

    /// Bytes that have arrived.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// MD5 of what has arrived.
    pub fn md5(&self) -> String {
        self.checksum.text()
    }

    /// Discards what has arrived.
    pub fn restart(&mut self) -> Result<(), FetchError> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.rewind());
        emptied.map_err(|source| disk(&self.path, source))?;
        self.length = 0;
        self.checksum = Checksum::default();
        Ok(())
    }

    /// Appends bytes.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        let written = self.file.write_all(bytes);
        written.map_err(|source| disk(&self.path, source))?;
        self.checksum.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Gives the file its final name; after a power cut it is there whole or not at all.
    pub fn finish(self) -> Result<(), FetchError> {
        let moved = self.file.sync_all().and_then(|()| {
            std::fs::rename(&self.path, &self.target)?;
            crate::fs::sync_folder_of(&self.target)
        });
        moved.map_err(|source| disk(&self.target, source))
    }

    /// Ends a fetch that failed: an empty part is removed.
    pub fn leave(self) {
        if self.length == 0 {
            // An empty file does no harm if it cannot be removed.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn disk(path: &Path, source: io::Error) -> FetchError {
    let path = path.into();
    FetchError::Disk { path, source }
}

/// Opens the file and locks it against other processes.
fn lock(path: &Path) -> Result<File, FetchError> {
    for _ in 0..REOPENINGS {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|source| disk(path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            // Some network file systems have no locks; there the user must run one fetch at a time.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(source)) => return Err(disk(path, source)),
            Err(TryLockError::WouldBlock) => return Err(FetchError::Busy { path: path.into() }),
        }
        // Between opening and locking, another fetch may have finished and renamed the file: then
        // this handle is the finished file's and must not be written to.
        let same = || -> io::Result<bool> {
            let ours = same_file::Handle::from_file(file.try_clone()?)?;
            Ok(ours == same_file::Handle::from_path(path)?)
        };
        match same() {
            Ok(true) => return Ok(file),
            Ok(false) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(disk(path, source)),
        }
    }
    Err(FetchError::Busy { path: path.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_is_kept_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.gz");
        let mut part = Part::open(&target).unwrap();
        part.append(b"message ").unwrap();
        part.leave();
        let mut part = Part::open(&target).unwrap();
        assert_eq!(part.length(), 8);
        part.append(b"digest").unwrap();
        assert_eq!(part.md5(), "f96b697d7cb7938d525a2f31aaf161d0");
        part.finish().unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"message digest");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn one_at_a_time_and_nothing_left_of_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.gz");
        let mut part = Part::open(&target).unwrap();
        assert!(matches!(Part::open(&target), Err(FetchError::Busy { .. })));
        part.append(b"wrong").unwrap();
        part.restart().unwrap();
        assert_eq!((part.length(), part.md5()), (0, Checksum::default().text()));
        part.leave();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
