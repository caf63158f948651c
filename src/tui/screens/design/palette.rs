//! The palette of layers to add.

use super::filter::Filter;
use super::lines::{ascii, fit, scroll_to};
use crate::spec::Layer;
use crate::tui::theme::Theme;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::cell::Cell;

/// The open palette.
#[derive(Debug)]
pub struct Palette {
    /// What is typed.
    pub filter: Filter,
    layers: Vec<Layer>,
    /// What is matched: the kind and the layer in words.
    names: Vec<String>,
    scroll: Cell<usize>,
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
            scroll: Cell::new(0),
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

    /// Matches the layers anew.
    pub fn narrow(&mut self) {
        self.filter.narrow(self.names.iter().map(String::as_str));
    }

    /// The chosen layer.
    pub fn layer(&self) -> Option<&Layer> {
        self.layers.get(self.filter.item()?)
    }

    /// Chooses the layer at a line below the filter; says whether it was chosen before.
    pub fn click(&mut self, line: u16) -> bool {
        let at = self.scroll.get() + usize::from(line);
        let same = at == self.filter.chosen;
        if at < self.filter.matches.len() {
            self.filter.chosen = at;
        }
        same
    }

    /// Draws the filter and what it leaves.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        draw_filter(frame, area, &self.filter.text, "add", theme);
        let list = below(area);
        if list.is_empty() {
            return;
        }
        if self.filter.matches.is_empty() {
            frame.render_widget(Line::styled(" no such layer", theme.dim()), list);
            return;
        }
        let chosen = self.filter.chosen;
        let height = usize::from(list.height);
        let count = self.filter.matches.len();
        let first = scroll_to(&self.scroll, chosen..chosen + 1, count, height);
        let shown = self.filter.matches.iter().enumerate();
        let lines: Vec<Line<'_>> = shown
            .skip(first)
            .take(height)
            .filter_map(|(index, item)| {
                let layer = self.layers.get(*item)?;
                let text = fit(
                    &ascii(&layer.to_string(), theme),
                    usize::from(list.width).saturating_sub(2),
                    theme,
                );
                Some(entry_line(text, index == chosen, theme))
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), list);
    }
}

/// A line of a list to choose from.
pub fn entry_line<'a>(text: String, chosen: bool, theme: Theme) -> Line<'a> {
    if chosen {
        let mark = Span::styled(theme.sign("▌", ">"), theme.accent());
        Line::from(vec![mark, Span::raw(" "), Span::raw(text)]).style(theme.selected())
    } else {
        Line::from(format!("  {text}"))
    }
}

/// The line the filter is typed in.
pub fn draw_filter(frame: &mut Frame<'_>, area: Rect, text: &str, label: &str, theme: Theme) {
    let line = Line::from(vec![
        Span::styled(format!("{label} "), theme.accent()),
        Span::raw(crate::spec::escape_controls(text)),
        Span::styled("_", theme.accent()),
    ]);
    let row = Rect {
        height: area.height.min(1),
        ..area
    };
    frame.render_widget(line, row.intersection(frame.area()));
}

/// The area below the filter's line.
pub fn below(area: Rect) -> Rect {
    Rect {
        y: area.y.saturating_add(area.height.min(1)),
        height: area.height.saturating_sub(1),
        ..area
    }
}
