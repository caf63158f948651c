//! Where things stand in the view, for drawing and for the mouse.

use crate::tui::widgets::area::below;
use crate::tui::widgets::window::window;
use ratatui::layout::{Position, Rect};
use std::ops::Range;

/// Lines above the list: title, how far the audit is, air.
const HEAD: u16 = 3;
/// Cells between the list and the pictures.
const GAP: u16 = 2;
/// Narrower views have no pictures.
const LEAST: u16 = 40;

/// The view's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The lines above.
    pub head: Rect,
    /// The list.
    pub list: Rect,
    /// Findings in view.
    pub rows: Range<usize>,
    /// The images; empty in a narrow terminal.
    pub pictures: Rect,
}

impl Geometry {
    /// The places in `area` with the `position`-th of `count` findings in view.
    pub fn of(area: Rect, position: usize, count: usize) -> Self {
        let rest = below(area, HEAD);
        let width = match area.width < LEAST {
            true => area.width,
            false => area.width / 5 * 3,
        };
        let list = Rect { width, ..rest };
        let taken = (width + GAP).min(area.width);
        Self {
            head: Rect {
                height: area.height.min(HEAD),
                ..area
            },
            list,
            rows: window(position, usize::from(list.height), count),
            pictures: Rect {
                x: rest.x + taken,
                width: rest.width - taken,
                ..rest
            },
        }
    }

    /// The finding whose row is at a position.
    pub fn row_at(&self, at: Position) -> Option<usize> {
        if !self.list.contains(at) {
            return None;
        }
        let row = self.rows.start + usize::from(at.y - self.list.y);
        self.rows.contains(&row).then_some(row)
    }
}
