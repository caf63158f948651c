//! State of the map of where the model looks: the image it is shown over, and the map itself.

use super::asked::Asked;
use crate::insight::{Look, LookMethod};
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use std::sync::Arc;

/// The map over the image.
#[derive(Debug, Default)]
pub struct Looking {
    /// How it is found; none where it is not shown.
    method: Option<LookMethod>,
    /// The class that is watched; none is the one each image is taken for.
    class: Option<usize>,
    asked: Asked<(LookMethod, Option<usize>)>,
    found: Option<Arc<Look>>,
}

impl Looking {
    /// How it is found, where it is shown.
    pub fn method(&self) -> Option<LookMethod> {
        self.method
    }

    /// Whether it is shown.
    pub fn is_on(&self) -> bool {
        self.method.is_some()
    }

    /// Shows it by the next method, after the last one hides it.
    pub fn next_method(&mut self) {
        self.method = match self.method {
            None => Some(LookMethod::Occlusion),
            Some(LookMethod::Occlusion) => Some(LookMethod::GradCam { layer: None }),
            Some(LookMethod::GradCam { .. }) => None,
        };
        if self.method.is_none() {
            self.class = None;
        }
    }

    /// Watches the next of `classes` classes or the one before, first of all from `shown`; the class.
    pub fn step_class(&mut self, forward: bool, shown: usize, classes: usize) -> usize {
        let classes = classes.max(1);
        let step = if forward { 1 } else { classes - 1 };
        let class = (self.class.unwrap_or(shown) + step) % classes;
        self.class = Some(class);
        class
    }

    /// Looks through the maps of the next of `layers`, positions of those that have maps, or of the one before; the
    /// layer. From the last one it comes to the first.
    pub fn step_layer(&mut self, forward: bool, layers: &[usize]) -> Option<usize> {
        let shown = match self.method {
            Some(LookMethod::GradCam { layer }) => layer,
            _ => None,
        };
        let last = layers.len().checked_sub(1)?;
        let at = layers.iter().position(|layer| Some(*layer) == shown);
        let at = at.unwrap_or(last);
        let step = if forward { 1 } else { last };
        let layer = Some(layers[(at + step) % layers.len()]);
        self.method = Some(LookMethod::GradCam { layer });
        layer
    }

    /// Hides it; false where it was hidden.
    pub fn close(&mut self) -> bool {
        self.class = None;
        self.method.take().is_some()
    }

    /// The map of this image and this model, once it is there.
    pub fn map(&self, image: usize, model: &Arc<Validated>) -> Option<&Look> {
        let about = (self.method?, self.class);
        let found = self.found.as_deref();
        found.filter(|_| self.asked.is_about(image, model, &about))
    }

    /// Whether a map is being computed.
    pub fn is_waiting(&self) -> bool {
        self.asked.is_waiting()
    }

    /// Requests the map to show, unless it is there or one is being computed.
    pub fn wanted(&mut self, image: Option<usize>, model: Option<&Arc<Validated>>) -> Vec<Effect> {
        let (Some(method), Some(image), Some(model)) = (self.method, image, model) else {
            return Vec::new();
        };
        if !self.asked.ask(image, model, (method, self.class)) {
            return Vec::new();
        }
        self.found = None;
        let job = Job::Look {
            method,
            class: self.class,
            snapshot: Arc::new(model.snapshot.clone()),
            images: Arc::clone(&model.images),
            image,
        };
        vec![job.into()]
    }

    /// Takes the map that was requested.
    pub fn arrived(&mut self, image: usize, map: &Arc<Look>) {
        self.found = self.asked.answered(image).map(|_| Arc::clone(map));
    }

    /// The request failed; the same one is not repeated.
    pub fn failed(&mut self) {
        self.asked.failed();
    }
}
