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

    /// Sets a dot. A cell has one style, that of what was drawn into it last.
    pub fn dot(&mut self, (x, y): (i32, i32), letter: char, style: Style) {
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

    /// A straight line; its ends have `letter`, what joins them has `join`.
    pub fn line(
        &mut self,
        from: (i32, i32),
        to: (i32, i32),
        (letter, join): (char, char),
        style: Style,
    ) {
        let (dx, dy) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        let steps = dx.max(dy).max(1);
        for step in 1..steps {
            let along = |start: i32, end: i32| {
                let share = f64::from(step) / f64::from(steps);
                (f64::from(start) + f64::from(end - start) * share).round() as i32
            };
            self.dot((along(from.0, to.0), along(from.1, to.1)), join, style);
        }
        self.dot(from, letter, style);
        self.dot(to, letter, style);
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
