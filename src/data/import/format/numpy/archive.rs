//! The arrays in a `.npz` file, which is a zip archive.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::npy::parse;
use super::roles::role_of;
use crate::data::import::array::Array;
use crate::data::import::bytes::MAX_UNPACKED;
use crate::data::import::error::ImportError;
use crate::data::import::unpack::zip::{ZipEntry, listing};
use crate::data::import::work::Work;

/// Most arrays in a file.
const MAX_ARRAYS: usize = 1000;

/// Whether a zip archive holds arrays and nothing else.
pub fn is_npz(path: &Path) -> bool {
    let entries = File::open(path).ok().and_then(|file| {
        let (_, entries) = listing(BufReader::new(file)).ok()?;
        Some(entries)
    });
    let is_array = |entry: &ZipEntry| entry.path.extension().is_some_and(|end| end == "npy");
    entries.is_some_and(|entries| !entries.is_empty() && entries.iter().all(is_array))
}

/// The arrays whose names say what they are, or have none, by their names.
pub fn arrays_of(path: &Path, work: &Work<'_>) -> Result<Vec<(String, Array)>, ImportError> {
    let file = File::open(path).map_err(|source| ImportError::read(path, source))?;
    let wrong = |reason: String| ImportError::wrong(path, reason);
    let (mut archive, entries) = listing(BufReader::new(file)).map_err(wrong)?;
    if entries.len() > MAX_ARRAYS {
        return Err(wrong(format!("has more than {MAX_ARRAYS} arrays")));
    }
    let mut arrays = Vec::new();
    for entry in entries {
        let name = entry.path.with_extension("").to_string_lossy().into_owned();
        if role_of(&name).is_none() && !name.starts_with("arr_") {
            continue;
        }
        let array = array(&mut archive, &entry, path, work)?;
        arrays.push((name, array));
    }
    Ok(arrays)
}

fn array(
    archive: &mut zip::ZipArchive<impl Read + Seek>,
    entry: &ZipEntry,
    path: &Path,
    work: &Work<'_>,
) -> Result<Array, ImportError> {
    let file = archive.by_index(entry.index);
    let file = file.map_err(|error| ImportError::wrong(path, error.to_string()))?;
    let mut input = BufReader::new(work.watch(file.take(MAX_UNPACKED)));
    parse(&mut input, &path.join(&entry.path))
}
