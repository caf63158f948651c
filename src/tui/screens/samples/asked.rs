//! What was asked of the background about an image and a model.

use crate::train::Validated;
use std::sync::Arc;

/// The last question; a new one is only asked when its answer is there. `K` is what else it is about.
#[derive(Debug, Default)]
pub struct Asked<K = ()> {
    image: usize,
    model: Option<Arc<Validated>>,
    about: K,
    is_waiting: bool,
}

impl<K: PartialEq> Asked<K> {
    /// Whether a question about this image and this model is to be asked now; it is the last one then.
    pub fn ask(&mut self, image: usize, model: &Arc<Validated>, about: K) -> bool {
        if self.is_waiting || self.is_about(image, model, &about) {
            return false;
        }
        self.image = image;
        self.model = Some(Arc::clone(model));
        self.about = about;
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

    /// Whether the answer is still to come.
    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    /// Whether the last question was about these.
    pub fn is_about(&self, image: usize, model: &Arc<Validated>, about: &K) -> bool {
        let of = self.model.as_ref();
        let same = self.image == image && self.about == *about;
        same && of.is_some_and(|of| Arc::ptr_eq(of, model))
    }
}
