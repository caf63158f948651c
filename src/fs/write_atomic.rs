//! Writes a file whole or not at all.

use std::io::Write;
use std::path::Path;

/// The prefix of the names of temporary files. A temporary file that is left over was written by a
/// process that was killed; the owner of the folder may remove it.
pub const TEMPORARY_PREFIX: &str = ".unfinished-";

/// Writes `bytes` to a temporary file in the folder of `path`, then renames it to `path`. After a crash,
/// a full disk or a power cut `path` has its old content or all of the new.
///
/// # Errors
/// The system's error; the temporary file is removed.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_parts_atomically(path, &[bytes])
}

/// [`write_atomically`] for content in several parts, written one after the other.
///
/// # Errors
/// As [`write_atomically`].
pub fn write_parts_atomically(path: &Path, parts: &[&[u8]]) -> std::io::Result<()> {
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX);
    // Temporary files are private by default. This one becomes an ordinary file, so it gets the
    // permissions that the umask allows.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // tempfile puts its random path into errors; the caller reports the path that matters.
    let mut file = builder.tempfile_in(folder).map_err(plain)?;
    for part in parts {
        file.write_all(part).map_err(plain)?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| plain(error.error))?;
    sync_folder_of(path)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Flushes the folder of `path` to the disk: until then a power cut could undo a rename in it.
///
/// # Errors
/// The system's error.
pub fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    use std::io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    // Only Unix can open a folder as a file.
    if !cfg!(unix) {
        return Ok(());
    }
    match std::fs::File::open(folder_of(path)).and_then(|folder| folder.sync_all()) {
        // Some file systems cannot do it, and a folder may be writable but not readable.
        Err(error) if matches!(error.kind(), InvalidInput | Unsupported | PermissionDenied) => {
            Ok(())
        }
        outcome => outcome,
    }
}

/// The error without the random path that tempfile appends to its text.
fn plain(error: std::io::Error) -> std::io::Error {
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((words, _)) => std::io::Error::new(error.kind(), words.to_owned()),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_was_there_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_error_does_not_name_the_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_atomically(&folder.path().join("none/a.txt"), b"x").unwrap_err();
        assert!(!error.to_string().contains("unfinished"), "{error}");
        let blocked = folder.path().join("a-folder");
        std::fs::create_dir_all(blocked.join("full")).unwrap();
        assert!(write_atomically(&blocked, b"x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
