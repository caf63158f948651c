//! State of the view of kernels and feature maps: the chosen layer, and the outputs for an image.

use super::asked::Asked;
use crate::spec::{LayerSummary, infer_layers};
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use std::cell::Cell;
use std::sync::Arc;

/// Every layer's output.
#[derive(Debug)]
pub struct Outputs {
    /// The image they belong to.
    pub image: usize,
    /// A list of values per layer of the spec.
    pub values: Vec<Vec<f32>>,
    /// The layers.
    pub layers: Vec<LayerSummary>,
}

/// Kernels and feature maps.
#[derive(Debug, Default)]
pub struct Inside {
    open: bool,
    /// 0: the kernels; else the layer with this number, from 1.
    page: usize,
    /// Rows of tiles scrolled past.
    scroll: usize,
    /// The last row that can be the first one, where it was drawn last.
    pub last_scroll: Cell<usize>,
    asked: Asked,
    outputs: Option<Outputs>,
}

impl Inside {
    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Shows it.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// Hides it; false where it was hidden.
    pub fn close(&mut self) -> bool {
        std::mem::take(&mut self.open)
    }

    /// The page, among `layers` layers.
    pub fn page(&self, layers: usize) -> usize {
        self.page.min(layers)
    }

    /// Rows of tiles scrolled past.
    pub fn scrolled(&self) -> usize {
        self.scroll
    }

    /// The newest outputs.
    pub fn outputs(&self) -> Option<&Outputs> {
        self.outputs.as_ref()
    }

    /// Goes to the next page or the one before, around the end.
    pub fn step(&mut self, forward: bool, model: Option<&Validated>) {
        let layers = model.map_or(0, |model| model.snapshot.info.spec.layers.len());
        let pages = layers + 1;
        let step = if forward { 1 } else { pages - 1 };
        self.page = (self.page(layers) + step) % pages;
        self.scroll = 0;
    }

    /// Scrolls by a row of tiles.
    pub fn scroll(&mut self, down: bool) {
        let last = self.last_scroll.get();
        self.scroll = if down {
            (self.scroll + 1).min(last)
        } else {
            self.scroll.min(last).saturating_sub(1)
        };
    }

    /// Requests the outputs to show, unless they are there or some are being computed.
    pub fn wanted(&mut self, image: Option<usize>, model: Option<&Arc<Validated>>) -> Vec<Effect> {
        let (true, Some(image), Some(model)) = (self.open, image, model) else {
            return Vec::new();
        };
        if !self.asked.ask(image, model) {
            return Vec::new();
        }
        let job = Job::LookInside {
            snapshot: Arc::new(model.snapshot.clone()),
            images: Arc::clone(&model.images),
            image,
        };
        vec![job.into()]
    }

    /// Takes the outputs that were requested.
    pub fn arrived(&mut self, image: usize, values: Vec<Vec<f32>>) {
        let Some(model) = self.asked.answered(image) else {
            return;
        };
        let spec = &model.snapshot.info.spec;
        // The layers of a model always fit each other.
        let layers = infer_layers(&spec.layers, spec.input).unwrap_or_default();
        self.outputs = Some(Outputs {
            image,
            values,
            layers,
        });
    }

    /// The request failed; the same one is not repeated.
    pub fn failed(&mut self) {
        self.asked.failed();
    }
}
