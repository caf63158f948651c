//! The error of drawing.

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw the picture: {0}")]
pub struct PlotError(pub(super) String);
