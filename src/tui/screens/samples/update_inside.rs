//! What the keys of the network's inside do: choosing a map, working out a value, muting.

use super::keys::SamplesAction;
use super::state::Samples;
use crate::insight::Unit;
use crate::nn::Snapshot;
use crate::spec::{LayerSummary, Shape};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::picture::pixel_at;
use ratatui::layout::{Position, Rect};

impl Samples {
    /// Carries out an action on the network's inside; false where it is another one.
    pub(super) fn update_inside(&mut self, action: SamplesAction, shared: &mut Shared) -> bool {
        match action {
            SamplesAction::NextMap => self.step_map(true),
            SamplesAction::PreviousMap => self.step_map(false),
            SamplesAction::WorkOut => self.begin_or_end_working_out(shared),
            SamplesAction::ValueUp => self.step_value((-1, 0)),
            SamplesAction::ValueDown => self.step_value((1, 0)),
            SamplesAction::ValueLeft => self.step_value((0, -1)),
            SamplesAction::ValueRight => self.step_value((0, 1)),
            SamplesAction::Mute => self.mute(shared),
            SamplesAction::Unmute => {
                self.muted.clear();
                shared.say("nothing is muted");
            }
            SamplesAction::NextLayer => self.step_layer(true),
            SamplesAction::PreviousLayer => self.step_layer(false),
            SamplesAction::ScrollDown => self.inside.scroll(true),
            SamplesAction::ScrollUp => self.inside.scroll(false),
            _ => return false,
        }
        true
    }

    fn step_layer(&mut self, forward: bool) {
        self.inside.step(forward, self.view.as_deref());
        self.chosen.channel = 0;
    }

    /// The layer of the page: its position and its row. The page of the kernels is that of their layer.
    pub(super) fn layer_of_page(&self) -> Option<(usize, &LayerSummary)> {
        let snapshot = &self.view.as_ref()?.snapshot;
        let rows = &snapshot.info.spec.summary().layers;
        let layer = match self.inside.page(rows.len()).checked_sub(1) {
            Some(layer) => layer,
            None => layer_of_kernels(snapshot)?,
        };
        Some((layer, rows.get(layer)?))
    }

    /// The channels of the page in the order in which they are drawn.
    fn order(&self) -> Vec<usize> {
        let Some((layer, row)) = self.layer_of_page() else {
            return Vec::new();
        };
        let (channels, _) = row.output.channels_and_area();
        match (row.output, self.inside.values(layer)) {
            (Shape::Flat { .. }, Some(values)) => largest_first(values),
            _ => (0..channels).collect(),
        }
    }

    fn step_map(&mut self, forward: bool) {
        let order = self.order();
        let at = order.iter().position(|one| *one == self.chosen.channel);
        let step = if forward { 1 } else { order.len().max(1) - 1 };
        let next = at.map_or(0, |at| (at + step) % order.len().max(1));
        if let Some(channel) = order.get(next) {
            self.chosen.channel = *channel;
        }
        self.inside.show(next);
    }

    /// Chooses the map at a place on the screen, and works out the value there where the map is chosen already:
    /// the action. While a value is worked out, another one of its map.
    pub(super) fn click(&mut self, at: Position, theme: Theme) -> Option<SamplesAction> {
        let view = self.view.as_ref()?;
        let (layer, row) = self.layer_of_page()?;
        let (channels, _) = row.output.channels_and_area();
        let (height, width) = row.output.rows_and_columns();
        let pixel = |area: Rect| {
            let (column, row) = pixel_at(area, at, (width, height), theme)?;
            Some((row, column))
        };
        if self.chosen.cursor.is_some() {
            let place = pixel(self.chosen.map.get())?;
            self.chosen.cursor = Some(place);
            self.work_out();
            return None;
        }
        let placed = self.inside.placed.get();
        let tile = placed.hit(at)?;
        let layers = view.snapshot.info.spec.layers.len();
        let is_kernels = self.inside.page(layers) == 0;
        let per_channel = match is_kernels {
            true => kernels_of_a_channel(&view.snapshot, layer),
            false => 1,
        };
        let channel = tile / per_channel;
        let is_chosen = channel == self.chosen.channel;
        self.chosen.pointed = pixel(placed.tile_area(tile)).filter(|_| !is_kernels && is_chosen);
        self.chosen.channel = channel.min(channels.saturating_sub(1));
        is_chosen.then_some(SamplesAction::WorkOut)
    }

    fn step_value(&mut self, (down, right): (isize, isize)) {
        match self.layer_of_page().map(|(_, row)| row.output) {
            Some(Shape::Flat { .. }) => self.step_map(down + right > 0),
            Some(shape) => self.chosen.step((down, right), shape.rows_and_columns()),
            None => {}
        }
    }

    fn begin_or_end_working_out(&mut self, shared: &mut Shared) {
        if self.chosen.end() {
            return;
        }
        let layers = self
            .view
            .as_ref()
            .map_or(0, |view| view.snapshot.info.spec.layers.len());
        if self.inside.page(layers) == 0 {
            // The kernels belong to the values of their layer.
            match self.layer_of_page().map(|(layer, _)| layer) {
                Some(layer) => self.inside.go_to(layer + 1),
                None => {
                    shared.say("the arrow keys lead to the layers; their values are worked out");
                    return;
                }
            }
        }
        if let Some((_, row)) = self.layer_of_page() {
            let area = row.output.rows_and_columns();
            self.chosen.begin(area);
        }
    }

    fn mute(&mut self, shared: &mut Shared) {
        let (Some((layer, row)), Some(view)) = (self.layer_of_page(), &self.view) else {
            shared.say("this network has no convolution; the arrow keys lead to its layers");
            return;
        };
        let (channels, _) = row.output.channels_and_area();
        let unit = Unit {
            layer,
            channel: self.chosen.channel.min(channels.saturating_sub(1)),
        };
        self.muted.toggle(&view.snapshot.info.spec, unit);
    }

    /// Works out the chosen value anew, after anything that it depends on may have changed.
    pub(super) fn work_out(&mut self) {
        if self.chosen.cursor.is_none() {
            return;
        }
        let worked = self.layer_of_page().and_then(|(layer, row)| {
            let (channels, _) = row.output.channels_and_area();
            let at = self.chosen.at(channels, row.output.rows_and_columns())?;
            let view = self.view.as_ref()?;
            let outputs = self
                .inside
                .outputs_of(self.image()?, view, self.muted.units())?;
            outputs.trace.work_out(&view.snapshot, layer, at).ok()
        });
        self.chosen.worked = worked;
    }
}

/// The position of the layer that the first kernels belong to.
fn layer_of_kernels(snapshot: &Snapshot) -> Option<usize> {
    let kernels = snapshot.state.iter().find(|it| it.shape.len() == 4)?;
    kernels.name.split('.').next()?.parse().ok()
}

/// How many kernels a channel of a convolution has: one for each channel that it sees.
fn kernels_of_a_channel(snapshot: &Snapshot, layer: usize) -> usize {
    let name = format!("{layer}.weight");
    let kernels = snapshot.state.iter().find(|it| it.name == name);
    let seen = kernels.and_then(|kernels| kernels.shape.get(1).copied());
    seen.unwrap_or(1).max(1)
}

/// The positions of values, the largest value first.
pub fn largest_first(values: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    order
}
