//! How thumbnails stand in an area.

use crate::data::Split;
use crate::tui::widgets::label::line;
use crate::tui::widgets::picture::scaled;
use ratatui::layout::Rect;

/// Lengths of the longer side of a thumbnail in pixels of the screen; the first with which enough fit is
/// used.
const SIDES: [usize; 5] = [28, 20, 14, 10, 8];
const ENOUGH: usize = 8;

/// How the thumbnails stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Thumbnails beside each other.
    pub columns: usize,
    /// Rows of thumbnails.
    pub rows: usize,
    /// Cells of an image, without the frame at its sides and the caption below.
    image: (u16, u16),
}

impl Plan {
    /// The plan for `area`; none where not even one thumbnail fits.
    pub fn of(area: Rect, split: &Split) -> Option<Self> {
        let (width, height) = (split.width, split.height);
        let longest = width.max(height).max(1);
        let plans = SIDES.into_iter().filter_map(|side| {
            let image = scaled(width, height, side as f64 / longest as f64);
            let columns = usize::from(area.width / (image.0 + 2));
            let rows = usize::from(area.height / (image.1 + 1));
            let some = image.0 > 0 && columns > 0 && rows > 0;
            some.then_some(Self {
                columns,
                rows,
                image,
            })
        });
        let plans: Vec<Self> = plans.collect();
        plans
            .iter()
            .find(|plan| plan.rows >= 2 && plan.page() >= ENOUGH)
            .or(plans.last())
            .copied()
    }

    /// Thumbnails of a page.
    pub fn page(self) -> usize {
        self.columns * self.rows
    }

    /// The first position of the page that `position` is on.
    pub fn first(self, position: usize) -> usize {
        position / self.page() * self.page()
    }

    /// The place of the `index`-th thumbnail of the page, frame and caption included.
    pub fn place(self, area: Rect, index: usize) -> Rect {
        let (width, height) = (self.image.0 + 2, self.image.1 + 1);
        // The free columns are shared between both sides.
        let spare = area.width.saturating_sub(width * self.columns as u16) / 2;
        Rect {
            x: area.x + spare + (index % self.columns) as u16 * width,
            y: area.y + (index / self.columns) as u16 * height,
            width,
            height,
        }
        .intersection(area)
    }

    /// Of the `index`-th thumbnail of the page, the places of the image and of the caption.
    pub fn inside(self, area: Rect, index: usize) -> (Rect, Rect) {
        let place = self.place(area, index);
        let image = Rect {
            x: place.x + 1,
            width: place.width.saturating_sub(2),
            height: place.height.saturating_sub(1),
            ..place
        };
        let below = line(place, usize::from(place.height).saturating_sub(1));
        let caption = Rect {
            x: image.x,
            width: image.width,
            ..below
        };
        (image, caption)
    }
}
