//! What is in a folder, as a person sees it.

use std::fs;
use std::path::{Path, PathBuf};

use super::class_labels::natural_order;
use super::error::ImportError;

/// Most entries of a folder.
const MAX_ENTRIES: usize = 2_000_000;
/// Written by systems into folders of pictures.
const SYSTEM_FILES: [&str; 3] = ["__MACOSX", "Thumbs.db", "desktop.ini"];

/// Whether a person means a file of this name.
pub fn is_visible(name: &str) -> bool {
    !name.starts_with('.') && !SYSTEM_FILES.contains(&name)
}

/// What can be seen in a folder.
pub struct Entries {
    /// In natural order of their names.
    pub folders: Vec<PathBuf>,
    /// In natural order of their names.
    pub files: Vec<PathBuf>,
}

impl Entries {
    /// Of a folder; of a file, this file alone.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(place: &Path) -> Result<Self, ImportError> {
        let failed = |source| ImportError::read(place, source);
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        if place.is_file() {
            files.push(place.to_owned());
            return Ok(Self { folders, files });
        }
        let mut seen: Vec<(String, PathBuf)> = Vec::new();
        for entry in fs::read_dir(place).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_visible(&name) {
                seen.push((name, entry.path()));
            }
            if seen.len() > MAX_ENTRIES {
                let reason = format!("has more than {MAX_ENTRIES} entries; import fewer");
                return Err(ImportError::wrong(place, reason));
            }
        }
        seen.sort_by(|(one, _), (other, _)| natural_order(one, other));
        for (_, path) in seen {
            // Links are followed; those that lead nowhere are neither.
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
        Ok(Self { folders, files })
    }
}

/// The last part of a path, for people.
pub fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
