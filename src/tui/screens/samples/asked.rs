//! What was asked of the background about an image and a model.

use crate::train::Validated;
use std::sync::Arc;

/// The last question; a new one is only asked when its answer is there.
#[derive(Debug, Default)]
pub struct Asked {
    image: usize,
    model: Option<Arc<Validated>>,
    is_waiting: bool,
}

impl Asked {
    /// Whether a question about this image and this model is to be asked now; it is the last one then.
    pub fn ask(&mut self, image: usize, model: &Arc<Validated>) -> bool {
        if self.is_waiting || self.is_about(image, model) {
            return false;
        }
        self.image = image;
        self.model = Some(Arc::clone(model));
        self.is_waiting = true;
        true
    }

    /// Takes note of the answer about an image; the model it is about, if that was the question.
    pub fn answered(&mut self, image: usize) -> Option<&Arc<Validated>> {
        self.is_waiting = false;
        self.model.as_ref().filter(|_| self.image == image)
    }

    /// There is no answer; the same is not asked again.
    pub fn failed(&mut self) {
        self.is_waiting = false;
    }

    /// Whether the last question was about these.
    pub fn is_about(&self, image: usize, model: &Arc<Validated>) -> bool {
        let of = self.model.as_ref();
        self.image == image && of.is_some_and(|of| Arc::ptr_eq(of, model))
    }
}
