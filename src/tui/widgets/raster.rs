//! Lines made of braille dots, or of letters where only ASCII can be shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The bits of a braille character, by row and column of its dots.
const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// A part of the screen to draw lines into, before it goes to the buffer.
#[derive(Debug)]
pub struct Raster {
    area: Rect,
    ascii: bool,
    cells: Vec<Option<Cell>>,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    dots: u32,
    letter: char,
    style: Style,
}

/// What a line is drawn with.
#[derive(Clone, Copy, Debug)]
pub struct Pen {
    /// Stands at the ends of lines where there are no dots.
    pub letter: char,
    /// The colour.
    pub style: Style,
    /// Dots that a line is thick.
    pub strokes: usize,
}

impl Raster {
    /// Nothing drawn yet.
    pub fn new(area: Rect, ascii: bool) -> Self {
        Self {
            area,
            ascii,
            cells: vec![None; usize::from(area.width) * usize::from(area.height)],
        }
    }

    /// Dots across and down.
    pub fn size(&self) -> (i32, i32) {
        let (across, down) = if self.ascii { (1, 1) } else { (2, 4) };
        (
            i32::from(self.area.width) * across,
            i32::from(self.area.height) * down,
        )
    }

    /// Cells across and down.
    pub fn cells(&self) -> (u16, u16) {
        (self.area.width, self.area.height)
    }

    /// The place among the dots of a place among the cells, both from the middle of the top left one.
    pub fn dots(&self, (column, row): (f64, f64)) -> (f64, f64) {
        if self.ascii {
            (column, row)
        } else {
            (2.0 * column + 0.5, 4.0 * row + 1.5)
        }
    }

    /// Sets a dot. A cell has one style, that of what was drawn into it last.
    fn dot(&mut self, (x, y): (i32, i32), letter: char, style: Style) {
        let (width, height) = self.size();
        if !(0..width).contains(&x) || !(0..height).contains(&y) {
            return;
        }
        let (x, y) = (x as usize, y as usize);
        let (column, row, dots) = if self.ascii {
            (x, y, 0)
        } else {
            (x / 2, y / 4, DOTS[y % 4][x % 2])
        };
        let index = row * usize::from(self.area.width) + column;
        if let Some(cell) = self.cells.get_mut(index) {
            let before = cell.map_or(0, |cell| cell.dots);
            *cell = Some(Cell {
                dots: before | dots,
                letter,
                style,
            });
        }
    }

    /// A straight line between two places among the dots; its ends have the pen's letter, what joins them a full
    /// stop. Only the dots are rounded, not the ends: slopes are as even as dots allow.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), pen: Pen) {
        let (dx, dy) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        let steps = dx.max(dy).ceil().max(1.0) as i32;
        // A flat line grows in height, a steep one in width.
        let (wider, higher) = if dx >= dy { (0, 1) } else { (1, 0) };
        for stroke in 0..pen.strokes as i32 {
            for step in (1..steps).chain([0, steps]) {
                let share = f64::from(step) / f64::from(steps);
                let along = |start: f64, end: f64| (start + (end - start) * share).round() as i32;
                let place = (
                    along(from.0, to.0) + wider * stroke,
                    along(from.1, to.1) + higher * stroke,
                );
                let is_end = step == 0 || step == steps;
                let letter = if is_end { pen.letter } else { '.' };
                if stroke == 0 || !self.ascii {
                    self.dot(place, letter, pen.style);
                }
            }
        }
    }

    /// Puts what was drawn on the screen.
    pub fn show(&self, buffer: &mut Buffer) {
        for (index, cell) in self.cells.iter().enumerate() {
            let width = usize::from(self.area.width);
            let (column, row) = ((index % width) as u16, (index / width) as u16);
            if let Some(cell) = cell
                && let Some(place) = buffer.cell_mut((self.area.x + column, self.area.y + row))
            {
                let sign = if self.ascii {
                    cell.letter
                } else {
                    char::from_u32(0x2800 | cell.dots).unwrap_or(' ')
                };
                place.set_char(sign).set_style(cell.style);
            }
        }
    }
}
