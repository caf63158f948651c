//! The folder that an archive is unpacked into, and how much it may take.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::data::import::bytes::MAX_UNPACKED;
use crate::data::import::entries::is_visible;
use crate::data::import::error::ImportError;
use crate::data::import::work::Work;

/// Most files in an archive.
pub const MAX_FILES: usize = 2_000_000;
/// Most folders one in the other, and most characters of a path.
const MAX_DEPTH: usize = 32;
const MAX_PATH: usize = 1000;

/// Where the files of an archive go.
pub struct Room<'w> {
    source: &'w Path,
    into: &'w Path,
    work: &'w Work<'w>,
    files: usize,
    bytes: u64,
}

impl<'w> Room<'w> {
    /// In the folder `into`, which is made when there is something to write.
    pub fn new(source: &'w Path, into: &'w Path, work: &'w Work<'w>) -> Self {
        Self {
            source,
            into,
            work,
            files: 0,
            bytes: 0,
        }
    }

    /// Says what is wrong with the archive.
    pub fn wrong(&self, reason: impl Into<String>) -> ImportError {
        ImportError::wrong(self.source, reason)
    }

    /// Writes a file of the archive.
    ///
    /// # Errors
    /// If a limit is broken, the archive is damaged, or the file cannot be written.
    pub fn write(&mut self, path: &Path, content: impl Read) -> Result<(), ImportError> {
        self.files += 1;
        if self.files > MAX_FILES {
            return Err(self.wrong(format!("has more than {MAX_FILES} files; import fewer")));
        }
        let target = self.into.join(path);
        let cannot = |source| ImportError::Write {
            path: target.clone(),
            source,
        };
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(cannot)?;
        }
        let mut file = File::create(&target).map_err(cannot)?;
        let left = MAX_UNPACKED - self.bytes;
        let mut input = self.work.watch(content.take(left + 1));
        let count = io::copy(&mut input, &mut file).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => cannot(error),
            _ => self.wrong(format!("is damaged or cut short ({error}); get it again")),
        })?;
        if count > left {
            let most = crate::text::shown_bytes(MAX_UNPACKED);
            return Err(self.wrong(format!(
                "holds more than {most}; unpack it and import a part"
            )));
        }
        self.bytes += count;
        Ok(())
    }
}

/// The path of a file in an archive as one below the folder; `None` for a file that no person means.
///
/// # Errors
/// A path that leaves the folder, or an absurd one.
pub fn path_within(name: &str) -> Result<Option<PathBuf>, String> {
    let name = name.replace('\\', "/");
    let mut path = PathBuf::new();
    if name.contains('\0') || name.len() > MAX_PATH {
        return Err("has a file with an absurd name; it is not unpacked".into());
    }
    for component in Path::new(&name).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => path.push(part),
            _ => {
                return Err(format!(
                    "has the file {}, which would leave the folder; it is not unpacked",
                    crate::text::escape_controls(&name)
                ));
            }
        }
    }
    let names: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    if names.len() > MAX_DEPTH {
        return Err(format!(
            "has more than {MAX_DEPTH} folders one in the other; it is not unpacked"
        ));
    }
    let is_meant = !names.is_empty() && names.iter().all(|name| is_visible(name));
    Ok(is_meant.then_some(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_the_folder() {
        let path = |name| path_within(name).map(|path| path.map(|path| path.display().to_string()));
        assert_eq!(path("a/./b.png"), Ok(Some("a/b.png".into())));
        assert_eq!(path("a\\b.png"), Ok(Some("a/b.png".into())));
        assert_eq!(path("__MACOSX/b.png"), Ok(None));
        assert_eq!(path("a/.hidden"), Ok(None));
        for name in ["../b", "a/../../b", "/etc/passwd", "..\\b", "a\0b"] {
            assert!(path(name).is_err(), "{name}");
        }
        assert!(path(&"a/".repeat(40)).is_err());
    }
}
