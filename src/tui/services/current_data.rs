//! The data set that runs are trained on and models evaluated on.

use crate::data::Dataset;
use std::sync::{Arc, Mutex, PoisonError};

/// The data set in use, shared between threads; none until one is read.
#[derive(Clone, Debug, Default)]
pub struct CurrentData(Arc<Mutex<Option<Arc<Dataset>>>>);

impl CurrentData {
    /// The data set in use.
    ///
    /// # Errors
    /// A sentence for the screen, while none is read.
    pub fn get(&self) -> Result<Arc<Dataset>, String> {
        let current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        current.clone().ok_or("the data is not there yet".into())
    }

    /// Replaces it. Work under way keeps the data set that it began with.
    pub fn set(&self, dataset: Arc<Dataset>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(dataset);
    }
}
