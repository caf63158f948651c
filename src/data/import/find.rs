//! The format that recognises a source.

use std::path::Path;

use super::bytes::content_of;
use super::entries::{Entries, name_of};
use super::error::ImportError;
use super::format::{FORMATS, numpy};
use super::pictures::Found;
use super::work::Work;
use crate::data::content::Content;

/// Most folders that lie one in the other with nothing else beside them.
const MAX_DESCENT: usize = 8;

const NOTHING: &str = "holds no pictures with labels that are recognised";

/// What the first format that recognises `source` finds: in it, in its folder `raw`, or in the only folder that
/// is in it, and so on.
///
/// # Errors
/// If nothing is recognised, or what is found is damaged.
pub fn find(source: &Path, work: &Work<'_>) -> Result<Found, ImportError> {
    let mut place = source.to_owned();
    for _ in 0..MAX_DESCENT {
        for format in FORMATS {
            work.check()?;
            if let Some(found) = format.find(&place, work)? {
                return Ok(found);
            }
        }
        let entries = Entries::of(&place)?;
        let raw = entries
            .folders
            .iter()
            .find(|folder| name_of(folder) == "raw");
        place = match (raw, &entries.folders[..]) {
            (Some(raw), _) => raw.clone(),
            (None, [only]) => only.clone(),
            _ => return Err(unrecognised(source, &entries)),
        };
    }
    Err(ImportError::wrong(source, nothing("")))
}

/// Says what is there instead.
fn unrecognised(source: &Path, entries: &Entries) -> ImportError {
    for file in &entries.files {
        if let Some(remark) = content_of(file).ok().and_then(remark) {
            let said = match source.is_file() {
                true => remark,
                false => format!("{NOTHING}; {} {remark}", name_of(file)),
            };
            return ImportError::wrong(source, said);
        }
    }
    let folders: Vec<String> = entries
        .folders
        .iter()
        .take(8)
        .map(|path| name_of(path))
        .collect();
    let hint = match folders.len() {
        0 => String::new(),
        _ => format!("; perhaps one of its folders does: {}", folders.join(", ")),
    };
    ImportError::wrong(source, nothing(&hint))
}

/// What a file is that is no data as it stands there.
fn remark(content: Content) -> Option<String> {
    match content {
        Content::Zip | Content::Tar => Some("is an archive; give it itself".into()),
        Content::Npy => Some(numpy::NAMES.into()),
        Content::Picture => Some("is one picture; give a folder of pictures for each class".into()),
        Content::Idx(_, _) => None,
        content => content.remark(),
    }
}

fn nothing(hint: &str) -> String {
    let known: Vec<&str> = FORMATS.iter().map(|format| format.description()).collect();
    format!("{NOTHING}{hint}. Read are {}", known.join("; "))
}
