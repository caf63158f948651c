//! The trait of everything that can be drawn.

use super::sheet::{Drawn, Sheet};
use super::size::{MIN_SIDE, Size};
use plotters::backend::DrawingBackend;

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
    /// An error of the drawing library.
    fn draw<B: DrawingBackend>(&self, sheet: &mut Sheet<B>) -> Drawn<B>;
}
