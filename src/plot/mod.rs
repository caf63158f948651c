//! Pictures of runs and of what they got wrong, as SVG or PNG.
//!
//! A [`Figure`] draws itself on a [`Sheet`] in points; the sheet becomes a document of either format,
//! so both show the same. Shapes are plotters'; letters and small pictures are placed by us, because
//! plotters' own differ from format to format.

mod axis;
mod bitmap;
mod confusion;
mod curves;
mod lettering;
mod mistakes;
mod sheet;
mod size;
mod style;
mod svg;

pub use confusion::Confusion;
pub use curves::{Curve, Curves, MAX_RUNS};
pub use mistakes::{Mistake, Mistakes};
pub use sheet::{Drawn, Sheet};
pub use size::{MAX_SIDE, MIN_SIDE, Size};

use plotters::backend::DrawingBackend;
use std::path::Path;

/// What can be drawn.
pub trait Figure {
    /// The size it looks best in.
    fn default_size(&self) -> Size;

    /// Points of height that it needs at a width.
    fn least_height(&self, _width: u32) -> u32 {
        MIN_SIDE
    }

    /// Draws it over the whole sheet.
    ///
    /// # Errors
    /// What the sheet says.
    fn draw<B: DrawingBackend>(&self, sheet: &mut Sheet<B>) -> Drawn<B>;
}

/// The kinds of files there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Scalable; letters stay letters.
    Svg,
    /// Two pixels for every point of the [`Size`], so that it is crisp on today's screens.
    Png,
}

impl Format {
    /// The format that a file's name asks for.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        [("svg", Self::Svg), ("png", Self::Png)]
            .into_iter()
            .find_map(|(name, format)| ending.eq_ignore_ascii_case(name).then_some(format))
    }
}

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw the picture: {0}")]
pub struct PlotError(String);

/// The content of a file with the figure.
///
/// # Errors
/// When the figure needs more height, the drawing library or the encoder fails, or there is no memory
/// for the pixels.
pub fn render(figure: &impl Figure, format: Format, size: Size) -> Result<Vec<u8>, PlotError> {
    let least = figure.least_height(size.width());
    if size.height() < least {
        let (width, height) = (size.width(), size.height());
        return Err(PlotError(format!(
            "what belongs in it does not fit {width}x{height}; give at least --size {width}x{least}"
        )));
    }
    match format {
        Format::Svg => svg::render(figure, size),
        Format::Png => bitmap::render(figure, size),
    }
}
