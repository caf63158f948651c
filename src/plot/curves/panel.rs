//! One of the two diagrams.

use super::curve::{Curve, Values};
use crate::plot::axis::{Points, averaged, clip, ticks, written};
use crate::plot::lettering::Lettering;
use crate::plot::sheet::{Drawn, Sheet, UNIT, stroke, units};
use crate::plot::style::{AXIS, BODY, DIM, GRID, HEADING, INK};
use plotters::backend::DrawingBackend;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon};

/// With more points on a curve only their scatter could be seen.
const MAX_POINTS: usize = 400;
/// Widths of the lines, in points.
const VALIDATION: f64 = 2.2;
const TRAINING: f64 = 1.3;
/// Opacity of a band.
pub const BAND: f64 = 0.16;

type Plane<B> = DrawingArea<B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A diagram of one kind of value.
#[derive(Debug)]
pub struct Panel<'a> {
    /// What the values are.
    pub heading: &'static str,
    /// The heading explained.
    pub explanation: &'static str,
    /// The unit after every number.
    pub unit: &'static str,
    /// The curves.
    pub curves: &'a [Curve],
    /// From the left end to the right.
    pub epochs: (f64, f64),
    /// From the lower end to the upper.
    pub range: (f64, f64),
    /// Which of a curve's values are drawn.
    pub of: fn(&Curve) -> &Values,
}

impl Panel<'_> {
    /// Draws the diagram into a rectangle of the sheet.
    pub fn draw<B: DrawingBackend>(
        &self,
        sheet: &mut Sheet<B>,
        (left, top): (f64, f64),
        (width, height): (f64, f64),
    ) -> Drawn<B> {
        self.heading(sheet, (left, top + HEADING), width);
        let most = (((height - 60.0) / 42.0) as usize).clamp(2, 9);
        let (numbers, decimals) = ticks(self.range, most, false);
        let texts = written(&numbers, decimals, self.unit);
        let face = sheet.face();
        let widest = texts.iter().map(|text| face.room(text, BODY));
        // At least the width of "100 %", so that diagrams above each other are aligned.
        let start = left + widest.fold(face.room("100 %", BODY), f64::max) + 8.0;
        let (end, upper) = (left + width, top + HEADING + 20.0);
        // The smallest sheets with the largest legends leave little height, but some.
        let lower = (top + height - 38.0).max(upper + 20.0);

        let plane =
            sheet
                .shapes()
                .apply_coord_spec(Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
                    self.epochs.0..self.epochs.1,
                    self.range.0..self.range.1,
                    (
                        units((start, 0.0)).0..units((end, 0.0)).0,
                        units((0.0, lower)).1..units((0.0, upper)).1,
                    ),
                ));
        let unit = f64::from(UNIT);
        let place = |point: (f64, f64)| {
            let (x, y) = plane.map_coordinate(&point);
            (f64::from(x) / unit, f64::from(y) / unit)
        };
        for (number, text) in numbers.iter().zip(&texts) {
            let y = place((self.epochs.0, *number)).1;
            sheet.line((start, y), (end, y), GRID, 1.0)?;
            sheet.text_at_middle((start - 8.0, y), text, Lettering::new(BODY, DIM).right());
        }
        sheet.line((start, lower), (end, lower), AXIS, 1.0)?;
        let most = (((end - start) / 52.0) as usize).clamp(2, 16);
        let numbered = ticks(self.epochs, most, true).0;
        for epoch in numbered.into_iter().filter(|epoch| *epoch >= 1.0) {
            let x = place((epoch, self.range.0)).0;
            sheet.line((x, lower), (x, lower + 4.0), AXIS, 1.0)?;
            let lettering = Lettering::new(BODY, DIM).center();
            sheet.text((x, lower + 17.0), &format!("{epoch:.0}"), lettering);
        }
        let middle = f64::midpoint(start, end);
        let lettering = Lettering::new(BODY, DIM).center();
        sheet.text((middle, lower + 35.0), "epoch", lettering);
        self.lines(&plane)?;
        for curve in self.curves {
            let best = curve.at_best(&(self.of)(curve).validation);
            if let Some(best) = best.filter(|best| self.shows(best.1)) {
                sheet.ring(place(best), curve.color)?;
            }
        }
        Ok(())
    }

    fn heading<B: DrawingBackend>(&self, sheet: &mut Sheet<B>, (x, y): (f64, f64), width: f64) {
        sheet.text((x, y), self.heading, Lettering::new(HEADING, INK).bold());
        let start = sheet.face().room_bold(self.heading, HEADING) + 12.0;
        let together = self.curves.iter().map(self.of);
        let together = together.map(|values| averaged(&values.training, MAX_POINTS).1);
        let text = match together.max() {
            Some(many) if many > 1 => format!("{}; means of {many} epochs", self.explanation),
            _ => self.explanation.to_owned(),
        };
        let text = sheet.face().fit(&text, BODY, width - start);
        sheet.text((x + start, y), &text, Lettering::new(BODY, DIM));
    }

    fn shows(&self, value: f64) -> bool {
        (self.range.0..=self.range.1).contains(&value)
    }

    /// The curves: all bands below all training below all validation.
    fn lines<B: DrawingBackend>(&self, plane: &Plane<B>) -> Drawn<B> {
        for curve in self.curves {
            let [below, above] = &(self.of)(curve).band;
            let inside = |points| {
                averaged(points, MAX_POINTS)
                    .0
                    .into_iter()
                    .map(|(epoch, value)| (epoch, value.clamp(self.range.0, self.range.1)))
            };
            let mut around: Points = inside(below).collect();
            around.extend(inside(above).rev());
            plane.draw(&Polygon::new(around, curve.color.veil(BAND)))?;
        }
        for curve in self.curves {
            let training = &(self.of)(curve).training;
            let style = curve.color.stroke(stroke(TRAINING));
            for part in clip(&averaged(training, MAX_POINTS).0, self.range) {
                let (dash, gap) = (5 * UNIT as i32, 3 * UNIT as i32);
                plane.draw(&DashedPathElement::new(part, dash, gap, style))?;
            }
            self.only_point(plane, training, 2.0, curve)?;
        }
        for curve in self.curves {
            let validation = &(self.of)(curve).validation;
            let style = curve.color.stroke(stroke(VALIDATION));
            for part in clip(&averaged(validation, MAX_POINTS).0, self.range) {
                plane.draw(&PathElement::new(part, style))?;
            }
            self.only_point(plane, validation, 3.5, curve)?;
        }
        Ok(())
    }

    /// A single epoch makes no line: a disc shows where it is.
    fn only_point<B: DrawingBackend>(
        &self,
        plane: &Plane<B>,
        values: &[(f64, f64)],
        radius: f64,
        curve: &Curve,
    ) -> Drawn<B> {
        let &[point] = values else { return Ok(()) };
        let radius = (radius * f64::from(UNIT)) as i32;
        plane.draw(&Circle::new(point, radius, curve.color.filled()))
    }
}
