//! Which files of a data set a folder has already.

use std::io;
use std::path::{Path, PathBuf};

use super::error::FetchError;
use super::event::FetchEvent;
use super::options::FetchOptions;
use crate::data::catalog::{DataSetFiles, PublishedFile};
use crate::data::checksum;
use crate::data::idx::find_one;

/// The files to fetch, with their indices. All are checked before anything is fetched, so that a
/// refusal comes at once.
pub(super) fn missing<'a>(
    set: &'a DataSetFiles,
    options: &FetchOptions,
    report: &dyn Fn(FetchEvent),
) -> Result<Vec<(usize, &'a PublishedFile)>, FetchError> {
    let (mut missing, mut there, mut different) = (Vec::new(), Vec::new(), Vec::new());
    for (index, file) in set.files.iter().enumerate() {
        let target = options.dir.join(&file.name);
        match held(&options.dir, file)? {
            Held::Nothing => missing.push((index, file)),
            Held::Published => there.push(index),
            Held::Other(path) if path != target => return Err(FetchError::InTheWay { path }),
            Held::Other(_) if options.replace => missing.push((index, file)),
            Held::Other(path) => different.push(path),
        }
    }
    if !different.is_empty() {
        return Err(FetchError::Different { paths: different });
    }
    for file in there {
        let already = true;
        report(FetchEvent::Done { file, already });
    }
    Ok(missing)
}

/// What is in the folder under a file's name.
enum Held {
    Nothing,
    /// The published file, or its content packed in another way.
    Published,
    Other(PathBuf),
}

fn held(dir: &Path, file: &PublishedFile) -> Result<Held, FetchError> {
    let Some(path) = find_one(dir, file.stem()) else {
        return Ok(Held::Nothing);
    };
    match is_published(&path, file) {
        Ok(true) => Ok(Held::Published),
        Ok(false) => Ok(Held::Other(path)),
        Err(source) => Err(FetchError::Disk { path, source }),
    }
}

fn is_published(path: &Path, file: &PublishedFile) -> io::Result<bool> {
    if checksum::of_file(path)? == file.md5 {
        return Ok(true);
    }
    match checksum::of_content(path) {
        Ok(md5) => Ok(md5 == file.content_md5),
        // What cannot be unpacked is damaged, and so another file.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        Err(_) => Ok(false),
    }
}
