//! The sheet that figures draw on.

use super::PlotError;
use super::lettering::{CAPITAL, Label, Lettering, Setter, Typeface, plain};
use super::size::Size;
use super::style::{BODY, DIM, INK, MARGIN, Rgb, TITLE, WHITE};
use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Rectangle};

/// Units of a plotters area in a point: plotters counts in whole units, and curves need finer steps
/// than points.
pub const UNIT: u32 = 4;

/// The result of drawing.
pub type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

/// A picture on a sheet, grey or in colour, one byte a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its upper left corner, in points.
    pub at: (f64, f64),
    /// Its width and height on the sheet, in points.
    pub size: (f64, f64),
    /// Its rows, `[height, width, channels]`.
    pub pixels: Vec<u8>,
    /// 1 for grey, 3 for red, green and blue.
    pub channels: usize,
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// A white sheet. Everything is in points from the upper left corner; shapes lie below letters and
/// pictures.
pub struct Sheet<B: DrawingBackend> {
    shapes: DrawingArea<B, Shift>,
    size: Size,
    face: Typeface,
    labels: Vec<Label>,
    pictures: Vec<Picture>,
}

impl<B: DrawingBackend> Sheet<B> {
    /// A sheet over a plotters area that has [`UNIT`] units a point.
    ///
    /// # Errors
    /// When the font cannot be opened.
    pub fn new(
        shapes: DrawingArea<B, Shift>,
        size: Size,
        setter: Setter,
    ) -> Result<Self, PlotError> {
        Ok(Self {
            shapes,
            size,
            face: Typeface::open(setter)?,
            labels: Vec::new(),
            pictures: Vec::new(),
        })
    }

    /// Letters and pictures, which are drawn over the shapes.
    pub fn into_parts(self) -> (Vec<Label>, Vec<Picture>, Typeface) {
        (self.labels, self.pictures, self.face)
    }

    /// Points.
    pub fn width(&self) -> f64 {
        f64::from(self.size.width())
    }

    /// Points.
    pub fn height(&self) -> f64 {
        f64::from(self.size.height())
    }

    /// The font, to measure with.
    pub fn face(&self) -> &Typeface {
        &self.face
    }

    /// The plotters area, in units.
    pub fn shapes(&self) -> &DrawingArea<B, Shift> {
        &self.shapes
    }

    /// Puts a text on its baseline.
    pub fn text(&mut self, at: (f64, f64), text: &str, lettering: Lettering) {
        if !text.is_empty() {
            let text = plain(text);
            self.labels.push(Label {
                text,
                at,
                lettering,
            });
        }
    }

    /// Puts a text with the middle of its capitals at a height.
    pub fn text_at_middle(&mut self, (x, y): (f64, f64), text: &str, lettering: Lettering) {
        self.text((x, y + CAPITAL / 2.0 * lettering.em), text, lettering);
    }

    /// Puts a picture.
    pub fn picture(&mut self, picture: Picture) {
        self.pictures.push(picture);
    }

    /// Fills a rectangle.
    ///
    /// # Errors
    /// An error of plotters.
    pub fn fill(&self, at: (f64, f64), (width, height): (f64, f64), color: Rgb) -> Drawn<B> {
        let end = (at.0 + width, at.1 + height);
        let corners = [units(at), units(end)];
        self.shapes.draw(&Rectangle::new(corners, color.filled()))
    }

    /// Draws a straight line.
    ///
    /// # Errors
    /// An error of plotters.
    pub fn line(&self, from: (f64, f64), to: (f64, f64), color: Rgb, width: f64) -> Drawn<B> {
        let style = color.stroke(stroke(width));
        self.shapes
            .draw(&PathElement::new([units(from), units(to)], style))
    }

    /// Draws a ring with a white inside.
    ///
    /// # Errors
    /// An error of plotters.
    pub fn ring(&self, at: (f64, f64), color: Rgb) -> Drawn<B> {
        self.dot(at, 4.5, color)?;
        self.dot(at, 2.5, WHITE)
    }

    /// Draws a disc.
    ///
    /// # Errors
    /// An error of plotters.
    pub fn dot(&self, at: (f64, f64), radius: f64, color: Rgb) -> Drawn<B> {
        let radius = (radius * f64::from(UNIT)).round() as i32;
        self.shapes
            .draw(&Circle::new(units(at), radius, color.filled()))
    }

    /// Makes the sheet white and writes its heading. Returns where the rest begins.
    ///
    /// # Errors
    /// An error of plotters.
    pub fn head(
        &mut self,
        title: &str,
        subtitle: &str,
    ) -> Result<f64, DrawingAreaErrorKind<B::ErrorType>> {
        self.fill((0.0, 0.0), (self.width(), self.height()), WHITE)?;
        let room = self.width() - 2.0 * MARGIN;
        let title = self.face.fit_bold(&plain(title), TITLE, room);
        let lettering = Lettering::new(TITLE, INK).bold();
        self.text((MARGIN, MARGIN + 14.0), &title, lettering);
        let subtitle = self.face.fit(&plain(subtitle), BODY, room);
        self.text(
            (MARGIN, MARGIN + 35.0),
            &subtitle,
            Lettering::new(BODY, DIM),
        );
        Ok(MARGIN + 54.0)
    }
}

/// A point in plotters' whole units.
pub fn units((x, y): (f64, f64)) -> (i32, i32) {
    let unit = f64::from(UNIT);
    ((x * unit).round() as i32, (y * unit).round() as i32)
}

/// A line's width in plotters' whole units.
pub fn stroke(width: f64) -> u32 {
    (width * f64::from(UNIT)).round().max(1.0) as u32
}
