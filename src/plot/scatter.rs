//! Images as points, coloured by class.

use super::Figure;
use super::lettering::Lettering;
use super::sheet::{Drawn, Sheet};
use super::size::Size;
use super::style::{BODY, DIM, GRID, HEADING, INK, MARGIN, Rgb};
use plotters::backend::DrawingBackend;

/// Colours of the classes, which are told apart on white; from the eleventh class on they come again, with
/// another number in the legend. Tableau's ten (Stone 2016), its red left to the mistakes.
const CLASSES: [Rgb; 10] = [
    Rgb(0x4e, 0x79, 0xa7),
    Rgb(0xf2, 0x8e, 0x2b),
    Rgb(0x59, 0xa1, 0x4f),
    Rgb(0x76, 0xb7, 0xb2),
    Rgb(0xed, 0xc9, 0x48),
    Rgb(0xb0, 0x7a, 0xa1),
    Rgb(0xff, 0x9d, 0xa7),
    Rgb(0x9c, 0x75, 0x5f),
    Rgb(0x8a, 0x87, 0x84),
    Rgb(0x2f, 0x4b, 0x7c),
];
/// The crosses of mistakes.
const MISTAKE: Rgb = Rgb(0xd6, 0x27, 0x28);
/// Radius of a point.
const RADIUS: f64 = 2.6;
/// Half the side of a cross.
const ARM: f64 = 3.2;
/// Width of the legend's column, with the space before it.
const LEGEND: f64 = 190.0;
/// Height of a line of the legend.
const LINE: f64 = 18.0;

/// An image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScatterPoint {
    /// Its place, in any unit.
    pub at: [f32; 2],
    /// Its true class.
    pub truth: usize,
    /// The class that was predicted.
    pub predicted: usize,
}

/// The figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Scatter {
    /// What is shown.
    pub title: String,
    /// Of which images, and how it was made.
    pub subtitle: String,
    /// Names of the classes.
    pub class_names: Vec<String>,
    /// The images.
    pub points: Vec<ScatterPoint>,
}

impl Figure for Scatter {
    fn default_size(&self) -> Size {
        Size::clamped(960, 800)
    }

    fn draw<B: DrawingBackend>(&self, sheet: &mut Sheet<B>) -> Drawn<B> {
        let top = sheet.head(&self.title, &self.subtitle)?;
        let right = sheet.width() - MARGIN - LEGEND;
        let (width, height) = (right - MARGIN, sheet.height() - MARGIN - top);
        for (from, to) in [
            ((MARGIN, top), (right, top)),
            ((MARGIN, top + height), (right, top + height)),
            ((MARGIN, top), (MARGIN, top + height)),
            ((right, top), (right, top + height)),
        ] {
            sheet.line(from, to, GRID, 1.0)?;
        }
        let air = 2.0 * ARM;
        let place = self.placed((width - 2.0 * air, height - 2.0 * air));
        let at = |point: &ScatterPoint| {
            let (x, y) = place(point.at);
            (MARGIN + air + x, top + air + y)
        };
        let is_wrong = |point: &&ScatterPoint| point.truth != point.predicted;
        for point in self.points.iter().filter(|point| !is_wrong(point)) {
            sheet.dot(at(point), RADIUS, color(point.truth))?;
        }
        // Over all others: they are few, and what one looks for.
        for point in self.points.iter().filter(is_wrong) {
            sheet.dot(at(point), RADIUS, color(point.truth))?;
            cross(sheet, at(point))?;
        }
        self.legend(sheet, (right + 20.0, top))
    }
}

impl Scatter {
    /// From a point's place to that in an area of `size` from its upper left corner, one scale for both
    /// directions, as distances matter.
    fn placed(&self, size: (f64, f64)) -> impl Fn([f32; 2]) -> (f64, f64) {
        let ends = |axis: usize| {
            let values = self
                .points
                .iter()
                .map(move |point| f64::from(point.at[axis]));
            let low = values.clone().fold(f64::INFINITY, f64::min);
            let high = values.fold(f64::NEG_INFINITY, f64::max);
            match low <= high {
                true => (low, high),
                false => (0.0, 0.0),
            }
        };
        let (across, down) = (ends(0), ends(1));
        let scale = |(low, high): (f64, f64), room: f64| room / (high - low).max(1e-12);
        let scale = scale(across, size.0).min(scale(down, size.1));
        let middle = |(low, high): (f64, f64)| f64::midpoint(low, high);
        let (middle_x, middle_y) = (middle(across), middle(down));
        move |[x, y]| {
            let x = size.0 / 2.0 + (f64::from(x) - middle_x) * scale;
            let y = size.1 / 2.0 - (f64::from(y) - middle_y) * scale;
            (x, y)
        }
    }

    /// As many classes as there is room for, and the sign of mistakes.
    fn legend<B: DrawingBackend>(&self, sheet: &mut Sheet<B>, (x, top): (f64, f64)) -> Drawn<B> {
        let room = sheet.width() - MARGIN - x - 18.0;
        let heading = Lettering::new(HEADING, INK).bold();
        sheet.text((x, top + 10.0), "True class", heading);
        let lines = ((sheet.height() - MARGIN - top) / LINE) as usize;
        // The heading takes one and a half, the mistakes as much, and so does what is left out.
        let fit = lines.saturating_sub(4).max(1);
        let is_cut = self.class_names.len() > fit;
        let mut y = top + 1.5 * LINE;
        for (class, name) in self.class_names.iter().take(fit).enumerate() {
            sheet.dot((x + 5.0, y), 4.0, color(class))?;
            let text = format!("{class}  {name}");
            let text = sheet.face().fit(&text, BODY, room);
            sheet.text_at_middle((x + 18.0, y), &text, Lettering::new(BODY, INK));
            y += LINE;
        }
        if is_cut {
            let text = format!("and {} more", self.class_names.len() - fit);
            sheet.text_at_middle((x + 18.0, y), &text, Lettering::new(BODY, DIM));
            y += LINE;
        }
        y += 0.5 * LINE;
        let wrong = self
            .points
            .iter()
            .filter(|point| point.truth != point.predicted);
        let text = format!("taken for another: {}", wrong.count());
        cross(sheet, (x + 5.0, y))?;
        let text = sheet.face().fit(&text, BODY, room);
        sheet.text_at_middle((x + 18.0, y), &text, Lettering::new(BODY, INK));
        Ok(())
    }
}

fn color(class: usize) -> Rgb {
    CLASSES[class % CLASSES.len()]
}

fn cross<B: DrawingBackend>(sheet: &Sheet<B>, (x, y): (f64, f64)) -> Drawn<B> {
    sheet.line((x - ARM, y - ARM), (x + ARM, y + ARM), MISTAKE, 1.0)?;
    sheet.line((x - ARM, y + ARM), (x + ARM, y - ARM), MISTAKE, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_fill_the_area_and_keep_their_distances() {
        let point = |x: f32, y: f32| ScatterPoint {
            at: [x, y],
            truth: 0,
            predicted: 0,
        };
        let scatter = |points: Vec<ScatterPoint>| Scatter {
            title: String::new(),
            subtitle: String::new(),
            class_names: Vec::new(),
            points,
        };
        let place = scatter(vec![point(-1.0, 0.0), point(3.0, 2.0)]);
        let place = place.placed((400.0, 400.0));
        // Twice as wide as high; upwards is up.
        assert_eq!(place([-1.0, 0.0]), (0.0, 300.0));
        assert_eq!(place([3.0, 2.0]), (400.0, 100.0));
        // One point, or none: in the middle.
        let place = scatter(vec![point(5.0, 5.0)]);
        assert_eq!(place.placed((10.0, 20.0))([5.0, 5.0]), (5.0, 10.0));
        let place = scatter(Vec::new());
        assert_eq!(place.placed((10.0, 20.0))([0.0, 0.0]), (5.0, 10.0));
    }
}
