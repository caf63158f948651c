//! The formats in which a folder can hold a data set.

use std::path::Path;

use super::dataset::Dataset;
use super::error::DataError;
use super::idx::IdxFolder;
use super::source::Source;

/// A format: makes a source of a folder that holds data in it.
type Detect = fn(&Path) -> Option<Box<dyn Source>>;

/// All formats, the first that recognises a folder is taken.
const FORMATS: [Detect; 1] = [|dir| IdxFolder::detect(dir).map(boxed)];

fn boxed(source: impl Source + 'static) -> Box<dyn Source> {
    Box::new(source)
}

/// Whether the folder holds data in one of the formats.
pub(super) fn is_recognised(dir: &Path) -> bool {
    FORMATS.iter().any(|detect| detect(dir).is_some())
}

/// The folder as a source. One that no format recognises is taken for IDX, whose errors say which
/// files are missing.
pub(super) fn source_of(dir: &Path) -> Box<dyn Source> {
    let found = FORMATS.iter().find_map(|detect| detect(dir));
    found.unwrap_or_else(|| boxed(IdxFolder::new(dir)))
}

impl Dataset {
    /// Loads a folder, whatever its format.
    ///
    /// # Errors
    /// If the folder or a file is missing, cannot be read, is damaged or breaks a
    /// limit, or if the files do not belong together.
    pub fn load(dir: &Path) -> Result<Self, DataError> {
        source_of(dir).load(&|_| {})
    }
}
