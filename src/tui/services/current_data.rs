//! The data that runs and models are given.

use crate::data::Dataset;
use std::sync::{Arc, Mutex, PoisonError};

/// The data set in use, shared between threads; none until one is read.
#[derive(Clone, Debug, Default)]
pub struct CurrentData(Arc<Mutex<Option<Arc<Dataset>>>>);

impl CurrentData {
    /// What is in use.
    ///
    /// # Errors
    /// A sentence, while there is none.
    pub fn get(&self) -> Result<Arc<Dataset>, String> {
        let current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        current.clone().ok_or("the data is not there yet".into())
    }

    /// Puts another one in its place. Work that has begun keeps the one it began with.
    pub fn set(&self, dataset: Arc<Dataset>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(dataset);
    }
}
