//! The palette of layers to add.

use crate::spec::Layer;
use crate::tui::theme::Theme;
use crate::tui::widgets::filter::Filter;
use crate::tui::widgets::filter_list::{below, draw_filter, draw_matches};
use crate::tui::widgets::label::plain;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

/// The open palette.
#[derive(Debug)]
pub struct Palette {
    /// What is typed.
    pub filter: Filter,
    layers: Vec<Layer>,
    /// What is matched: the kind and the layer in words.
    names: Vec<String>,
}

impl Palette {
    /// A palette with a layer of every kind.
    pub fn new() -> Self {
        let layers = Layer::choices();
        let name = |layer: &Layer| match layer {
            Layer::Activation(function) => format!("{function} {}", layer.kind()),
            _ => layer.to_string(),
        };
        let mut palette = Self {
            filter: Filter::default(),
            names: layers.iter().map(name).collect(),
            layers,
        };
        palette.narrow();
        palette
    }

    /// Takes a key of the filter.
    pub fn type_key(&mut self, key: KeyEvent) {
        if self.filter.type_key(key) {
            self.narrow();
        }
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.filter.text.paste(text);
        self.narrow();
    }

    /// Matches the layers again.
    pub fn narrow(&mut self) {
        self.filter.narrow(self.names.iter().map(String::as_str));
    }

    /// The chosen layer.
    pub fn layer(&self) -> Option<&Layer> {
        self.layers.get(self.filter.item()?)
    }

    /// Draws the filter and the entries that match it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        draw_filter(frame, area, &self.filter.text, "add", theme);
        draw_matches(
            frame,
            below(area),
            &self.filter,
            "no such layer",
            theme,
            |item| Some((plain(&self.layers.get(item)?.to_string(), theme), true)),
        );
    }
}
