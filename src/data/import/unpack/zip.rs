//! Zip archives.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::room::{MAX_FILES, Room, path_within};
use crate::data::import::error::ImportError;

/// A file of an archive that a person means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZipEntry {
    /// Its place among all entries.
    pub index: usize,
    /// Its path, which stays below the folder that it is unpacked into.
    pub path: PathBuf,
}

/// Reads what is in an archive: the files to unpack.
///
/// # Errors
/// If it is no zip archive or a damaged one, has too many entries, or one whose path would leave the folder.
pub fn listing<R: Read + Seek>(input: R) -> Result<(ZipArchive<R>, Vec<ZipEntry>), String> {
    let damaged = |error| format!("is no zip archive or a damaged one ({error}); get it again");
    let archive = ZipArchive::new(input).map_err(damaged)?;
    if archive.len() > MAX_FILES {
        return Err(format!("has more than {MAX_FILES} files; import fewer"));
    }
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(damaged)?;
        if !entry.is_file() {
            continue;
        }
        let path = path_within(&entry.name().map_err(damaged)?)?;
        entries.extend(path.map(|path| ZipEntry { index, path }));
    }
    Ok((archive, entries))
}

/// Unpacks an archive.
pub(super) fn unpack(source: &Path, room: &mut Room<'_>) -> Result<(), ImportError> {
    let file = File::open(source).map_err(|error| ImportError::read(source, error))?;
    let (mut archive, entries) =
        listing(BufReader::new(file)).map_err(|reason| room.wrong(reason))?;
    for entry in entries {
        let file = archive.by_index(entry.index);
        let file = file.map_err(|error| {
            room.wrong(format!(
                "cannot be unpacked ({error}); unpack it with another program"
            ))
        })?;
        room.write(&entry.path, file)?;
    }
    Ok(())
}
