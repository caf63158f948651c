//! Where a data set comes from.

use super::dataset::Dataset;
use super::error::DataError;

/// Is told the share of all bytes that are read, 0 to 1, from any thread.
pub type Progress<'a> = &'a (dyn Fn(f64) + Sync);

/// Something that a data set can be loaded from.
pub trait Source {
    /// Loads the data set.
    ///
    /// # Errors
    /// If something is missing, cannot be read, is damaged or breaks a limit.
    fn load(&self, progress: Progress<'_>) -> Result<Dataset, DataError>;
}
