//! A source whose files can be read.

use std::path::{Path, PathBuf};

use super::room::Room;
use super::{tar, zip};
use crate::data::content::Content;
use crate::data::import::bytes::{content_of, open};
use crate::data::import::error::ImportError;
use crate::data::import::format::numpy;
use crate::data::import::work::Work;

/// The files of `source`: itself, or the folder `into` with what was in it if it is an archive.
///
/// # Errors
/// If the archive is damaged, breaks a limit, or cannot be written out.
pub fn unpacked(source: &Path, into: &Path, work: &Work<'_>) -> Result<PathBuf, ImportError> {
    if !source.is_file() {
        return Ok(source.to_owned());
    }
    let mut room = Room::new(source, into, work);
    match content_of(source)? {
        Content::Zip if !numpy::is_npz(source) => zip::unpack(source, &mut room)?,
        Content::Tar => tar::unpack(&mut open(source, work)?, &mut room)?,
        _ => return Ok(source.to_owned()),
    }
    Ok(into.to_owned())
}
