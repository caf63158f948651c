//! State of the view of kernels and feature maps: the chosen layer, and the outputs for an image.

use super::asked::Asked;
use crate::insight::{ImageTrace, Unit};
use crate::spec::{LayerSummary, infer_layers};
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use std::sync::Arc;

/// Every layer's output.
#[derive(Debug)]
pub struct Outputs {
    /// The image they belong to.
    pub image: usize,
    /// The image and a list of values per layer of the spec.
    pub trace: Arc<ImageTrace>,
    /// The layers.
    pub layers: Vec<LayerSummary>,
}

/// How maps stand in an area.
#[derive(Clone, Copy, Debug, Default)]
pub struct Placed {
    /// Where they are.
    pub area: Rect,
    /// Columns and rows of cells of a map; between two is a free one.
    pub tile: (u16, u16),
    /// Maps in a row.
    pub columns: usize,
    /// Rows that are seen.
    pub rows: usize,
    /// The first map that is seen.
    pub first: usize,
}

impl Placed {
    /// The map at a place on the screen.
    pub fn hit(&self, at: Position) -> Option<usize> {
        if !self.area.contains(at) {
            return None;
        }
        let column = usize::from((at.x - self.area.x) / (self.tile.0 + 1));
        let row = usize::from((at.y - self.area.y) / (self.tile.1 + 1));
        let inside = column < self.columns && row < self.rows;
        inside.then_some(self.first + row * self.columns + column)
    }

    /// Where one of the maps that are seen is on the screen.
    pub fn tile_area(&self, map: usize) -> Rect {
        let place = map.saturating_sub(self.first);
        let columns = self.columns.max(1);
        let at = Rect {
            x: self.area.x + (place % columns) as u16 * (self.tile.0 + 1),
            y: self.area.y + (place / columns) as u16 * (self.tile.1 + 1),
            width: self.tile.0,
            height: self.tile.1,
        };
        at.intersection(self.area)
    }
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
    /// How the maps stood where they were drawn last.
    pub placed: Cell<Placed>,
    asked: Asked<Vec<Unit>>,
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

    /// The newest values of a layer.
    pub fn values(&self, layer: usize) -> Option<&[f32]> {
        let outputs = self.outputs.as_ref()?;
        outputs.trace.outputs.get(layer).map(Vec::as_slice)
    }

    /// The outputs for this image and model with these units muted, once they are there.
    pub fn outputs_of(
        &self,
        image: usize,
        model: &Arc<Validated>,
        muted: &[Unit],
    ) -> Option<&Outputs> {
        let is_there = !self.asked.is_waiting();
        let is_asked = self.asked.is_about(image, model, &muted.to_vec());
        self.outputs.as_ref().filter(|_| is_there && is_asked)
    }

    /// Goes to a page.
    pub fn go_to(&mut self, page: usize) {
        self.page = page;
        self.scroll = 0;
    }

    /// Scrolls so that the map that is drawn at `position` is seen.
    pub fn show(&mut self, position: usize) {
        let Placed { columns, rows, .. } = self.placed.get();
        let row = position / columns.max(1);
        let least = (row + 1).saturating_sub(rows.max(1));
        self.scroll = self.scroll.clamp(least, row);
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
    pub fn wanted(
        &mut self,
        image: Option<usize>,
        model: Option<&Arc<Validated>>,
        muted: &[Unit],
    ) -> Vec<Effect> {
        let (true, Some(image), Some(model)) = (self.open, image, model) else {
            return Vec::new();
        };
        if !self.asked.ask(image, model, muted.to_vec()) {
            return Vec::new();
        }
        let job = Job::LookInside {
            snapshot: Arc::new(model.snapshot.clone()),
            images: Arc::clone(&model.images),
            image,
            muted: muted.to_vec(),
        };
        vec![job.into()]
    }

    /// Takes the outputs that were requested.
    pub fn arrived(&mut self, image: usize, trace: Arc<ImageTrace>) {
        let Some(model) = self.asked.answered(image) else {
            return;
        };
        let spec = &model.snapshot.info.spec;
        // The layers of a model always fit each other.
        let layers = infer_layers(&spec.layers, spec.input).unwrap_or_default();
        self.outputs = Some(Outputs {
            image,
            trace,
            layers,
        });
    }

    /// The request failed; the same one is not repeated.
    pub fn failed(&mut self) {
        self.asked.failed();
    }
}
