//! State of the map of where the model looks: the image it is shown over, and the map itself.

use super::asked::Asked;
use crate::insight::Occlusion;
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use std::sync::Arc;

/// The map over the image.
#[derive(Debug, Default)]
pub struct Looking {
    is_on: bool,
    asked: Asked,
    found: Option<Arc<Occlusion>>,
}

impl Looking {
    /// Whether it is shown.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Shows it, or hides it.
    pub fn toggle(&mut self) {
        self.is_on = !self.is_on;
    }

    /// Hides it; false where it was hidden.
    pub fn close(&mut self) -> bool {
        std::mem::take(&mut self.is_on)
    }

    /// The map of this image and this model, once it is there.
    pub fn map(&self, image: usize, model: &Arc<Validated>) -> Option<&Occlusion> {
        let found = self.found.as_deref();
        found.filter(|_| self.asked.is_about(image, model))
    }

    /// Requests the map to show, unless it is there or one is being computed.
    pub fn wanted(&mut self, image: Option<usize>, model: Option<&Arc<Validated>>) -> Vec<Effect> {
        let (true, Some(image), Some(model)) = (self.is_on, image, model) else {
            return Vec::new();
        };
        if !self.asked.ask(image, model) {
            return Vec::new();
        }
        self.found = None;
        let job = Job::Occlude {
            snapshot: Arc::new(model.snapshot.clone()),
            images: Arc::clone(&model.images),
            image,
        };
        vec![job.into()]
    }

    /// Takes the map that was requested.
    pub fn arrived(&mut self, image: usize, map: &Arc<Occlusion>) {
        self.found = self.asked.answered(image).map(|_| Arc::clone(map));
    }

    /// The request failed; the same one is not repeated.
    pub fn failed(&mut self) {
        self.asked.failed();
    }
}
