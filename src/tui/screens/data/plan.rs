//! How the examples stand in an area.

use crate::data::Split;
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::picture::scaled;
use ratatui::layout::Rect;

/// Lengths of the longer side of an example in pixels of the screen, the best first.
const SIDES: [usize; 5] = [28, 20, 14, 10, 8];
/// The largest examples of which this many fit are taken, else those of which the next number fits.
const ENOUGH: [usize; 3] = [6, 2, 1];
/// Where a pixel is a character there are too few pixels in a small picture to tell what it shows.
const ENOUGH_IN_LETTERS: [usize; 1] = [1];

/// How the examples stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Examples beside each other.
    pub columns: usize,
    /// Rows of examples.
    pub rows: usize,
    /// Cells of an example.
    image: (u16, u16),
    /// Empty cells between examples.
    gaps: (u16, u16),
}

impl Plan {
    /// The plan for `area`; none where not even one example fits.
    pub fn of(area: Rect, split: &Split, theme: Theme) -> Option<Self> {
        let longest = split.width.max(split.height).max(1);
        let plans = SIDES.into_iter().filter_map(|side| {
            let image = scaled(split.width, split.height, side as f64 / longest as f64);
            Self::with(area, image)
        });
        let plans: Vec<Self> = plans.collect();
        let letters = theme.ascii || theme.depth == Depth::None;
        let enough: &[usize] = if letters { &ENOUGH_IN_LETTERS } else { &ENOUGH };
        let mut fitting = enough
            .iter()
            .filter_map(|enough| plans.iter().find(|plan| plan.page() >= *enough));
        fitting.next().copied()
    }

    /// As many examples of `image` cells as fit; rows may touch, columns may not.
    fn with(area: Rect, image: (u16, u16)) -> Option<Self> {
        let (width, height) = image;
        if width == 0 || height == 0 {
            return None;
        }
        let columns = area.width.saturating_add(1) / (width + 1);
        let rows = area.height / height;
        let fits = |count: u16, size: u16, gap: u16, room: u16| {
            let all = u32::from(count) * u32::from(size + gap);
            all <= u32::from(room) + u32::from(gap)
        };
        let across = if fits(columns, width, 2, area.width) {
            2
        } else {
            1
        };
        let down = u16::from(fits(rows, height, 1, area.height));
        (columns > 0 && rows > 0).then_some(Self {
            columns: usize::from(columns),
            rows: usize::from(rows),
            image,
            gaps: (across, down),
        })
    }

    /// Examples of a page.
    pub fn page(self) -> usize {
        self.columns * self.rows
    }

    /// The place of the `index`-th example of the page.
    pub fn place(self, area: Rect, index: usize) -> Rect {
        let (column, row) = (index % self.columns, index / self.columns);
        Rect {
            x: area.x + column as u16 * (self.image.0 + self.gaps.0),
            y: area.y + row as u16 * (self.image.1 + self.gaps.1),
            width: self.image.0,
            height: self.image.1,
        }
        .intersection(area)
    }
}
