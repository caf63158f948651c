//! From a figure to the content of a file.

use super::figure::Figure;
use super::{PlotError, Size, bitmap, svg};
use std::path::Path;

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
