//! Kernels and feature maps side by side, as many as fit.

use super::inside::Placed;
use super::state::Samples;
use crate::tui::shared::Shared;
use crate::tui::theme::Depth;
use crate::tui::widgets::picture::{Picture, Tint, scaled};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Clear;

/// Images of one size, one after the other.
pub struct Tiles<'a> {
    /// `[count, height, width]`.
    pub values: &'a [f32],
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
    /// Tiles of a kernel: one for each of its input channels. Of maps 1.
    pub per_channel: usize,
    /// The channel that is chosen.
    pub chosen: usize,
    /// Channels that are struck out.
    pub muted: &'a [usize],
}

impl Tiles<'_> {
    fn count(&self) -> usize {
        self.values.len() / (self.height * self.width).max(1)
    }

    /// Cells of a tile: as large as lets all stand in `area`, else small, and they scroll.
    fn size(&self, area: Rect) -> (u16, u16) {
        let side = self.height.max(self.width).max(1);
        let count = self.count();
        let whole = (1..=16).rev().map(|factor| factor as f64);
        let parts = (2..=4).map(|part| 1.0 / f64::from(part));
        let mut size = (0, 0);
        for scale in whole.chain(parts) {
            let pixels = side as f64 * scale;
            // A larger tile shows no more detail, a smaller one is unreadable.
            let smallest = if side < 6 {
                2.0 * side as f64
            } else {
                side.min(12) as f64
            };
            if pixels > 56.0 && scale > 1.0 {
                continue;
            }
            if pixels < smallest {
                break;
            }
            size = scaled(self.width, self.height, scale);
            let columns = usize::from((area.width + 1) / (size.0 + 1));
            let rows = usize::from((area.height + 1) / (size.1 + 1));
            if columns * rows >= count {
                break;
            }
        }
        size
    }

    /// Draws the tiles that fit, from the scrolled row on. Where not all fit, returns which ones are shown.
    pub fn draw(
        &self,
        samples: &Samples,
        frame: &mut Frame<'_>,
        area: Rect,
        shared: &Shared,
    ) -> String {
        // Left of a tile is room for the sign of the chosen one.
        let area = Rect {
            x: area.x + 1,
            width: area.width.saturating_sub(1),
            ..area
        };
        let (width, height) = self.size(area);
        let columns = usize::from((area.width + 1) / (width + 1));
        let visible = usize::from((area.height + 1) / (height + 1));
        let count = self.count();
        if width == 0 || columns == 0 || visible == 0 || count == 0 {
            return String::new();
        }
        let rows = count.div_ceil(columns);
        let last_scroll = rows.saturating_sub(visible);
        samples.inside.last_scroll.set(last_scroll);
        let first = samples.inside.scrolled().min(last_scroll) * columns;
        let placed = Placed {
            area,
            tile: (width, height),
            columns,
            rows: visible,
            first,
        };
        samples.inside.placed.set(placed);
        let end = (first + columns * visible).min(count);
        let (low, high) = self.extremes();
        let largest = low.abs().max(high.abs());
        let size = self.width * self.height;
        for (index, values) in self
            .values
            .chunks_exact(size)
            .enumerate()
            .take(end)
            .skip(first)
        {
            let levels: Vec<u8> = values
                .iter()
                .map(|it| level(*it, largest, low < 0.0))
                .collect();
            let picture = Picture {
                levels: &levels,
                width: self.width,
                height: self.height,
                tint: if low < 0.0 { Tint::Signed } else { Tint::Grey },
            };
            let at = placed.tile_area(index);
            picture.draw(frame.buffer_mut(), at, shared.theme);
            let channel = index / self.per_channel.max(1);
            if self.muted.contains(&channel) {
                strike(frame, at, shared);
            }
            if channel == self.chosen {
                point_out(frame, at, shared);
            }
        }
        if end - first == count {
            String::new()
        } else {
            format!(", {} to {end} shown", first + 1)
        }
    }

    fn extremes(&self) -> (f32, f32) {
        let finite = || {
            self.values
                .iter()
                .copied()
                .filter(|value| value.is_finite())
        };
        (finite().fold(0.0, f32::min), finite().fold(0.0, f32::max))
    }

    /// The meaning of the colours.
    pub fn range(&self, shared: &Shared) -> String {
        let (low, high) = self.extremes();
        let theme = shared.theme;
        if low >= 0.0 {
            return format!("0 to {high:.2}");
        }
        let largest = low.abs().max(high.abs());
        if theme.ascii || matches!(theme.depth, Depth::Basic | Depth::None) {
            format!("-{largest:.2} to {largest:.2}")
        } else {
            format!("blue -{largest:.2}, orange {largest:.2}")
        }
    }
}

/// Strikes a tile out.
fn strike(frame: &mut Frame<'_>, at: Rect, shared: &Shared) {
    frame.render_widget(Clear, at);
    let sign = shared.theme.sign("╲", "\\");
    for row in 0..at.height {
        // From corner to corner.
        let column = u32::from(row) * u32::from(at.width) / u32::from(at.height.max(1));
        let end = u32::from(row + 1) * u32::from(at.width) / u32::from(at.height.max(1));
        let place = Rect {
            x: at.x + column as u16,
            y: at.y + row,
            width: (end - column).max(1) as u16,
            height: 1,
        };
        let text = sign.repeat(usize::from(place.width));
        frame.render_widget(
            Line::styled(text, shared.theme.bad()),
            place.intersection(at),
        );
    }
}

/// A bar on the left of the chosen tile.
fn point_out(frame: &mut Frame<'_>, at: Rect, shared: &Shared) {
    let sign = shared.theme.sign("▐", "|");
    for y in at.y..at.bottom() {
        let place = Rect::new(at.x.saturating_sub(1), y, 1, 1);
        frame.render_widget(Line::styled(sign, shared.theme.accent()), place);
    }
}

/// The byte of a value: 0 to 255 for 0 to `largest`, or around 128 where values are signed.
fn level(value: f32, largest: f32, signed: bool) -> u8 {
    // A cast from float to integer saturates, and turns NaN into 0.
    let share = if largest > 0.0 { value / largest } else { 0.0 };
    if signed {
        (128.0 + 127.0 * share).round() as u8
    } else {
        (255.0 * share).round() as u8
    }
}
