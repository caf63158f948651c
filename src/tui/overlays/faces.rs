//! An image of each class in a row.

use crate::data::Split;
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::picture::{Picture, natural};
use ratatui::Frame;
use ratatui::layout::Rect;

/// Columns of an image in which what it shows can be seen, and columns that are more than needed.
const COLUMNS: (u16, u16) = (13, 18);
/// The same where two cells are a pixel.
const RAMP_COLUMNS: (u16, u16) = (28, 28);
/// Classes of which an image is shown at most.
const MOST: u16 = 10;

/// How many images stand in a row of `width` cells, and the columns of each.
fn layout(width: u16, theme: Theme) -> (u16, u16) {
    let has_ramp = theme.ascii || theme.depth == Depth::None;
    let (least, most) = if has_ramp { RAMP_COLUMNS } else { COLUMNS };
    let room = width.saturating_sub(2);
    // As many as can be made out; an even number of columns is a whole number of rows.
    let count = [MOST, MOST / 2]
        .into_iter()
        .find(|count| room / count > least);
    let count = count.unwrap_or(room / (least + 1)).clamp(1, MOST);
    let columns = (room / count).saturating_sub(1).min(most) / 2 * 2;
    (count, if columns < least { 0 } else { columns })
}

/// Rows that the images take in an area; none where there are not so many left.
pub fn height(area: Rect, left: u16, theme: Theme) -> u16 {
    let (_, columns) = layout(area.width, theme);
    match columns / 2 {
        rows if rows <= left => rows,
        _ => 0,
    }
}

/// Draws the first image of each class in the middle of the area, as far as they fit.
pub fn draw(frame: &mut Frame<'_>, area: Rect, split: &Split, classes: usize, theme: Theme) {
    let (count, columns) = layout(area.width, theme);
    if area.is_empty() || columns == 0 {
        return;
    }
    let of_class = |class: usize| {
        split
            .labels
            .iter()
            .position(|label| usize::from(*label) == class)
    };
    let images: Vec<usize> = (0..classes)
        .filter_map(of_class)
        .take(count.into())
        .collect();
    let width = (columns + 1) * images.len() as u16;
    let left = area.x + area.width.saturating_sub(width) / 2;
    for (index, image) in images.into_iter().enumerate() {
        let (levels, tint) = natural(split, split.image(image));
        let picture = Picture {
            levels: &levels,
            width: split.width,
            height: split.height,
            tint,
        };
        let place = Rect {
            x: left + index as u16 * (columns + 1),
            width: columns,
            ..area
        };
        picture.draw(frame.buffer_mut(), place.intersection(area), theme);
    }
}
