//! The map that is chosen among those of a layer, and the value in it that is worked out.

use crate::insight::{At, WorkedOutput};
use ratatui::layout::Rect;
use std::cell::Cell;

/// What is chosen.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The map, kernel or unit.
    pub channel: usize,
    /// Row and column of the value, while one is worked out.
    pub cursor: Option<(usize, usize)>,
    /// The value worked out; none where the outputs are still being computed.
    pub worked: Option<WorkedOutput>,
    /// Where the value's map was drawn last.
    pub map: Cell<Rect>,
    /// Row and column that the mouse chose; the next value begins there.
    pub pointed: Option<(usize, usize)>,
}

impl Chosen {
    /// Begins with the value that the mouse chose, else with one in the middle of a map of this size.
    pub fn begin(&mut self, (height, width): (usize, usize)) {
        let middle = (height / 2, width / 2);
        self.cursor = Some(self.pointed.take().unwrap_or(middle));
    }

    /// Ends; false where no value is chosen.
    pub fn end(&mut self) -> bool {
        self.worked = None;
        self.cursor.take().is_some()
    }

    /// Where the value is in a layer with so many channels of this size.
    pub fn at(&self, channels: usize, (height, width): (usize, usize)) -> Option<At> {
        let (row, column) = self.cursor?;
        Some(At {
            channel: self.channel.min(channels.checked_sub(1)?),
            row: row.min(height.checked_sub(1)?),
            column: column.min(width.checked_sub(1)?),
        })
    }

    /// Goes `down` and `right` by a value, as far as there are some.
    pub fn step(&mut self, (down, right): (isize, isize), (height, width): (usize, usize)) {
        if let Some((row, column)) = self.cursor {
            let go = |at: usize, step: isize, size: usize| {
                at.saturating_add_signed(step).min(size.saturating_sub(1))
            };
            self.cursor = Some((go(row, down, height), go(column, right, width)));
        }
    }
}
