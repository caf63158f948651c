//! Which colour is which run, and which line is what, below the diagrams.

use super::Curve;
use super::panel::BAND;
use crate::plot::lettering::Lettering;
use crate::plot::sheet::{Drawn, Sheet, UNIT, stroke, units};
use crate::plot::style::{BODY, DIM, INK, MARGIN};
use plotters::backend::DrawingBackend;
use plotters::element::{DashedPathElement, Rectangle};

/// From row to row.
const ROW: f64 = 21.0;
/// Length of a line that stands for a curve.
const SAMPLE: f64 = 26.0;

/// Height of the legend on a sheet.
pub fn height(runs: usize, width: f64) -> f64 {
    ROW * (runs.div_ceil(columns(runs, width)) + 1) as f64
}

/// Several runs are in two columns where both fit.
fn columns(runs: usize, width: f64) -> usize {
    if runs > 2 && width >= 800.0 { 2 } else { 1 }
}

/// Draws the legend with its upper edge at a height.
pub fn draw<B: DrawingBackend>(sheet: &mut Sheet<B>, curves: &[Curve], top: f64) -> Drawn<B> {
    key(sheet, curves, top + ROW / 2.0)?;
    let columns = columns(curves.len(), sheet.width());
    let rows = curves.len().div_ceil(columns);
    let column = (sheet.width() - 2.0 * MARGIN) / columns as f64;
    for (index, curve) in curves.iter().enumerate() {
        let x = MARGIN + (index / rows) as f64 * column;
        let y = top + ROW * (1.5 + (index % rows) as f64);
        sheet.line((x, y), (x + SAMPLE, y), curve.color, 3.0)?;
        let start = x + SAMPLE + 10.0;
        let room = column - SAMPLE - 40.0 - sheet.face().room(&curve.result, BODY);
        let name = sheet.face().fit(&curve.label, BODY, room);
        sheet.text_at_middle((start, y), &name, Lettering::new(BODY, INK));
        let after = start + sheet.face().room(&name, BODY) + 10.0;
        sheet.text_at_middle((after, y), &curve.result, Lettering::new(BODY, DIM));
    }
    Ok(())
}

/// What kinds of lines there are.
fn key<B: DrawingBackend>(sheet: &mut Sheet<B>, curves: &[Curve], y: f64) -> Drawn<B> {
    let mut x = MARGIN;
    let (best, deviation) = ("best epoch", "± standard deviation");
    let mut texts = vec!["validation", "training"];
    texts.extend(curves.iter().any(Curve::is_of_one_run).then_some(best));
    texts.extend((!curves.iter().all(Curve::is_of_one_run)).then_some(deviation));
    for text in texts {
        match text {
            _ if text == deviation => {
                let corners = [units((x, y - 6.0)), units((x + SAMPLE, y + 6.0))];
                sheet
                    .shapes()
                    .draw(&Rectangle::new(corners, DIM.veil(BAND)))?;
            }
            "validation" => sheet.line((x, y), (x + SAMPLE, y), DIM, 2.2)?,
            "training" => {
                let ends = [units((x, y)), units((x + SAMPLE, y))];
                let (dash, gap) = (5 * UNIT as i32, 3 * UNIT as i32);
                let style = DIM.stroke(stroke(1.3));
                let line = DashedPathElement::new(ends, dash, gap, style);
                sheet.shapes().draw(&line)?;
            }
            _ => sheet.ring((x + SAMPLE / 2.0, y), DIM)?,
        }
        x += SAMPLE + 10.0;
        sheet.text_at_middle((x, y), text, Lettering::new(BODY, DIM));
        x += sheet.face().room(text, BODY) + 24.0;
    }
    Ok(())
}
