//! Where the matrix stands in its area, for drawing and for the mouse.

use crate::train::ConfusionMatrix;
use crate::tui::shared::Shared;
use crate::tui::widgets::window::window;
use ratatui::layout::{Position, Rect};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Cells of the precision, recall and F1 columns with the gap before them.
pub const SCORES: u16 = 22;
/// Class names are given this much at most, and a gap.
const LONGEST_LABEL: u16 = 12;
const SHORTEST_LABEL: u16 = 4;
/// Cells between counts, in which the cursor's brackets stand.
const WIDEST_GAP: u16 = 3;
/// Digits of `100` percent.
const PERCENT: u16 = 3;

/// The matrix's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Width of the row labels.
    pub label: u16,
    /// Width of a cell.
    pub cell: u16,
    /// Visible true classes.
    pub rows: Range<usize>,
    /// Visible predicted classes.
    pub columns: Range<usize>,
    /// The heads of the columns: one line.
    pub heads: Rect,
    /// The cells alone, without labels.
    pub cells: Rect,
    /// Digits of a cell.
    pub digits: u16,
    /// Whether the cells have percent, as counts do not fit or are not asked for.
    pub percent: bool,
    /// The columns of scores, beside the cells, where there is room.
    pub scores: Option<Rect>,
    /// The rest of the area, below.
    pub below: Rect,
}

impl Geometry {
    /// The place of the matrix below the title line, with percent where that is asked for or counts do not fit; none
    /// where neither does.
    pub fn of(
        area: Rect,
        matrix: &ConfusionMatrix,
        cursor: (usize, usize),
        percent: bool,
        shared: &Shared,
    ) -> Option<Self> {
        let of = |percent| Self::with_cells(area, matrix, cursor, percent, shared);
        of(percent).or_else(|| of(true))
    }

    fn with_cells(
        area: Rect,
        matrix: &ConfusionMatrix,
        cursor: (usize, usize),
        percent: bool,
        shared: &Shared,
    ) -> Option<Self> {
        let classes = matrix.classes();
        let digits = match percent {
            true => PERCENT,
            false => digits(matrix),
        };
        let longest = (0..classes).map(|class| shared.class_name(class).width() as u16);
        let label = longest.max().unwrap_or(0).min(LONGEST_LABEL) + 1;
        let all = |cell: u16| u32::from(cell) * classes as u32;
        let fits = |label: u16, cell: u16, rest: u16| {
            u32::from(label) + all(cell) + u32::from(rest) <= u32::from(area.width)
        };
        let cells = || (digits + 1..=digits + WIDEST_GAP).rev();
        let with_scores = cells().find(|cell| fits(label, *cell, SCORES));
        let alone = with_scores.or_else(|| cells().find(|cell| fits(label, *cell, 0)));
        let (label, cell) = match alone {
            Some(cell) => (label, cell),
            None => {
                let cell = digits + 1;
                let left = u32::from(area.width).saturating_sub(all(cell)) as u16;
                (label.min(left).max(SHORTEST_LABEL.min(label)), cell)
            }
        };
        let across = usize::from(area.width.saturating_sub(label) / cell).min(classes);
        // The title, the heads of the columns, and below the matrix the sentence about the cursor.
        let air = u16::from(usize::from(area.height) >= classes + 7);
        let down = usize::from(area.height.saturating_sub(3 + air)).min(classes);
        // A few classes are shown whole or not at all; of many a part is better than none.
        let enough = if classes <= 10 { classes } else { 4 };
        if across < enough || down < enough {
            return None;
        }
        let heads = Rect {
            y: area.y + 1 + air,
            height: 1,
            ..area
        };
        let cells = Rect {
            x: area.x + label,
            y: heads.y + 1,
            width: cell * across as u16,
            height: down as u16,
        };
        let below = cells.bottom() + air;
        Some(Self {
            percent,
            digits,
            label,
            cell,
            rows: window(cursor.0, down, classes),
            columns: window(cursor.1, across, classes),
            heads,
            cells,
            scores: with_scores.map(|_| Rect {
                x: cells.right(),
                width: SCORES,
                ..cells
            }),
            below: Rect {
                y: below,
                height: area.bottom().saturating_sub(below),
                ..area
            },
        })
    }

    /// The class pair drawn at a position.
    pub fn cell_at(&self, at: Position) -> Option<(usize, usize)> {
        if !self.cells.contains(at) {
            return None;
        }
        let truth = self.rows.start + usize::from(at.y - self.cells.y);
        let predicted = self.columns.start + usize::from((at.x - self.cells.x) / self.cell);
        Some((truth, predicted))
    }
}

/// Digits of the largest count, at least those of percent.
fn digits(matrix: &ConfusionMatrix) -> u16 {
    let classes = matrix.classes();
    let cells = (0..classes)
        .flat_map(|truth| (0..classes).map(move |predicted| matrix.count(truth, predicted)));
    let largest = cells.max().unwrap_or(0);
    (largest.checked_ilog10().unwrap_or(0) as u16 + 1).max(PERCENT)
}
