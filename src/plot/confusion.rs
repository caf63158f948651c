//! The confusion matrix as a heat map.

use super::Figure;
use super::lettering::Lettering;
use super::sheet::{Drawn, Sheet};
use super::size::Size;
use super::style::{BODY, DIM, HEADING, INK, MARGIN, RIGHT, Rgb, WHITE, WRONG};
use crate::text::grouped;
use crate::train::ConfusionMatrix;
use plotters::backend::DrawingBackend;

/// The colour of zeros, which should not draw the eye.
const FAINT: Rgb = Rgb(0xb8, 0xbe, 0xc6);
/// Points between two cells.
const GAP: f64 = 1.0;

/// The figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    /// What was evaluated.
    pub title: String,
    /// On which images, and the accuracy.
    pub subtitle: String,
    /// Names of the classes.
    pub class_names: Vec<String>,
    /// The counts.
    pub matrix: ConfusionMatrix,
}

impl Figure for Confusion {
    fn default_size(&self) -> Size {
        let side = 350 + 64 * self.class_names.len().min(1000) as u32;
        Size::clamped(
            side.clamp(640, 1500),
            side.saturating_sub(110).clamp(600, 1400),
        )
    }

    fn draw<B: DrawingBackend>(&self, sheet: &mut Sheet<B>) -> Drawn<B> {
        let top = sheet.head(&self.title, &self.subtitle)?;
        let grid = Grid::of(self, sheet, top);
        self.captions(sheet, &grid);
        let scores = self.matrix.class_scores();
        for (truth, scores) in scores.iter().enumerate() {
            for predicted in 0..self.matrix.classes() {
                let count = self.matrix.count(truth, predicted);
                let share = count as f64 / scores.images.max(1) as f64;
                let color = heat(share, truth == predicted);
                let at = grid.corner(truth, predicted);
                sheet.fill(at, (grid.cell.0 - GAP, grid.cell.1 - GAP), color)?;
                grid.count(sheet, at, count, color);
            }
            grid.row(sheet, truth, self.name(truth), scores.recall);
            grid.column(sheet, truth, self.name(truth));
        }
        self.foot(sheet, &grid)
    }
}

/// Where everything is.
struct Grid {
    left: f64,
    top: f64,
    cell: (f64, f64),
    classes: usize,
    /// Letters of the counts: as large as the longest needs.
    count_em: f64,
}

impl Confusion {
    fn name(&self, class: usize) -> &str {
        self.class_names.get(class).map_or("", String::as_str)
    }

    fn captions<B: DrawingBackend>(&self, sheet: &mut Sheet<B>, grid: &Grid) {
        let heading = Lettering::new(HEADING, INK).bold();
        let y = grid.top - 34.0;
        let room = grid.left - MARGIN - 8.0;
        let left = sheet.face().fit_bold("True class", HEADING, room);
        sheet.text((MARGIN, y), &left, heading);
        sheet.text((grid.left, y), "Predicted class", heading);
        let lettering = Lettering::new(HEADING, INK).bold().right();
        sheet.text((sheet.width() - MARGIN, y), "Recall", lettering);
    }

    /// The colour scale.
    fn foot<B: DrawingBackend>(&self, sheet: &mut Sheet<B>, grid: &Grid) -> Drawn<B> {
        let y = grid.top + grid.cell.1 * grid.classes as f64 + 26.0;
        let mut x = grid.left;
        sheet.text_at_middle((x, y), "0 %", Lettering::new(BODY, DIM));
        x += sheet.face().room("0 %", BODY) + 8.0;
        let steps = 24;
        for (right, offset) in [(true, -6.0), (false, 1.0)] {
            for step in 0..steps {
                // The scale shows shares; its steps are evenly spaced in shares.
                let share = (f64::from(step) + 0.5) / f64::from(steps);
                let at = (x + 5.0 * f64::from(step), y + offset);
                sheet.fill(at, (5.0, 6.0), heat(share, right))?;
            }
        }
        x += 5.0 * f64::from(steps) + 8.0;
        let text = "100 % of a true class; blue: right, orange: wrong";
        let room = sheet.width() - MARGIN - x;
        let text = sheet.face().fit(text, BODY, room);
        sheet.text_at_middle((x, y), &text, Lettering::new(BODY, DIM));
        Ok(())
    }
}

impl Grid {
    fn of<B: DrawingBackend>(figure: &Confusion, sheet: &Sheet<B>, top: f64) -> Self {
        let classes = figure.matrix.classes().max(1);
        let names = figure.class_names.iter();
        let widest = names.map(|name| sheet.face().room(name, BODY));
        let heading = sheet.face().room_bold("True class", HEADING);
        let names = widest.fold(heading, f64::max).min(0.25 * sheet.width());
        let left = MARGIN + names + 14.0;
        let top = top + 46.0;
        let width = sheet.width() - left - MARGIN - 64.0;
        let height = sheet.height() - top - MARGIN - 40.0;
        let cell = (width / classes as f64, height / classes as f64);
        let counts = (0..classes).flat_map(|truth| {
            (0..classes).map(move |predicted| figure.matrix.count(truth, predicted))
        });
        let longest = grouped(counts.max().unwrap_or(0));
        let room = sheet.face().room(&longest, 1.0);
        let count_em = ((cell.0 - 6.0) / room).min(0.6 * cell.1).min(15.0);
        Self {
            left,
            top,
            cell,
            classes,
            count_em,
        }
    }

    /// The upper left corner of a cell.
    fn corner(&self, truth: usize, predicted: usize) -> (f64, f64) {
        (
            self.left + predicted as f64 * self.cell.0,
            self.top + truth as f64 * self.cell.1,
        )
    }

    /// A cell's number, where it can be read; zeros are pale.
    fn count<B: DrawingBackend>(
        &self,
        sheet: &mut Sheet<B>,
        (x, y): (f64, f64),
        count: u64,
        ground: Rgb,
    ) {
        if self.count_em < 6.0 {
            return;
        }
        let color = match count {
            0 => FAINT,
            _ => readable_on(ground),
        };
        let middle = (x + (self.cell.0 - GAP) / 2.0, y + (self.cell.1 - GAP) / 2.0);
        let lettering = Lettering::new(self.count_em, color).center();
        sheet.text_at_middle(middle, &grouped(count), lettering);
    }

    fn row<B: DrawingBackend>(&self, sheet: &mut Sheet<B>, class: usize, name: &str, recall: f64) {
        if self.cell.1 < 11.0 {
            return;
        }
        let y = self.top + (class as f64 + 0.5) * self.cell.1;
        let room = self.left - MARGIN - 14.0;
        let name = sheet.face().fit(name, BODY, room);
        sheet.text_at_middle((MARGIN, y), &name, Lettering::new(BODY, INK));
        let lettering = Lettering::new(BODY, INK).right();
        let recall = format!("{:.1} %", 100.0 * recall);
        sheet.text_at_middle((sheet.width() - MARGIN, y), &recall, lettering);
    }

    fn column<B: DrawingBackend>(&self, sheet: &mut Sheet<B>, class: usize, name: &str) {
        let x = self.left + (class as f64 + 0.5) * self.cell.0;
        // Long names are set smaller before they are cut.
        let room = self.cell.0 - 4.0;
        let em = (0.99 * room / sheet.face().room(name, 1.0)).clamp(9.5, BODY);
        let name = sheet.face().fit(name, em, room);
        sheet.text(
            (x, self.top - 10.0),
            &name,
            Lettering::new(em, INK).center(),
        );
    }
}

/// A cell's colour. The square root makes small shares, which are the interesting ones, visible.
fn heat(share: f64, right: bool) -> Rgb {
    let to = if right { RIGHT } else { WRONG };
    Rgb(0xf6, 0xf6, 0xf6).mixed(to, share.clamp(0.0, 1.0).sqrt())
}

/// The colour of letters on a cell.
fn readable_on(ground: Rgb) -> Rgb {
    if ground.contrast(INK) > ground.contrast(WHITE) {
        INK
    } else {
        WHITE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read_on_every_cell() {
        for step in 0..=100 {
            for right in [true, false] {
                let ground = heat(f64::from(step) / 100.0, right);
                let found = ground.contrast(readable_on(ground));
                assert!(found > 3.9, "{step} %, {right}: {found}");
            }
        }
    }

    #[test]
    fn cells_go_from_paper_to_their_colour() {
        assert_eq!(heat(1.0, true), RIGHT);
        assert_eq!(heat(1.0, false), WRONG);
        assert_eq!(heat(0.0, true), heat(0.0, false));
        assert_ne!(heat(0.01, false), heat(0.0, false));
    }
}
