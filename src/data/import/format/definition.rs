//! What every format can do.

use std::path::Path;

use crate::data::import::error::ImportError;
use crate::data::import::pictures::Found;
use crate::data::import::work::Work;

/// A format of pictures with labels.
pub trait Format: Sync {
    /// What it looks like, for the list of what is recognised.
    fn description(&self) -> &'static str;

    /// What a folder or a file holds; none if it holds nothing of this format.
    ///
    /// # Errors
    /// If it is of this format, and damaged or not complete.
    fn find(&self, place: &Path, work: &Work<'_>) -> Result<Option<Found>, ImportError>;
}
