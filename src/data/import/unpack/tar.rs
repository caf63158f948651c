//! Tar archives, gzipped or not.

use std::io::Read;

use tar::Archive;

use super::room::{Room, path_within};
use crate::data::import::error::ImportError;

/// Unpacks an archive. Links and devices are left out.
pub(super) fn unpack(input: &mut dyn Read, room: &mut Room<'_>) -> Result<(), ImportError> {
    let mut archive = Archive::new(input);
    let damaged = |room: &Room<'_>, error: std::io::Error| {
        room.wrong(format!("is damaged or cut short ({error}); get it again"))
    };
    let entries = archive.entries().map_err(|error| damaged(room, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| damaged(room, error))?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = entry.path_bytes();
        let path =
            path_within(&String::from_utf8_lossy(&name)).map_err(|reason| room.wrong(reason))?;
        if let Some(path) = path {
            room.write(&path, entry)?;
        }
    }
    Ok(())
}
