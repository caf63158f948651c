//! What any folder of data is asked, whatever its format.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::error::DataError;

/// Whether the folder is there and can be read.
pub(super) fn check_folder(dir: &Path) -> Result<(), DataError> {
    match fs::read_dir(dir) {
        Ok(_) => Ok(()),
        Err(source) => Err(match source.kind() {
            ErrorKind::NotFound => DataError::NoFolder { dir: dir.into() },
            ErrorKind::NotADirectory => DataError::NotAFolder { path: dir.into() },
            _ => DataError::Read {
                path: dir.into(),
                source,
            },
        }),
    }
}

/// The folder's own name for display: `.` is resolved, control characters are dropped.
pub(super) fn folder_name(dir: &Path) -> String {
    let full = fs::canonicalize(dir).unwrap_or_else(|_| dir.into());
    let name = full.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    if name.is_empty() { "data".into() } else { name }
}
