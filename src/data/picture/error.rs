//! What can be wrong with a picture.

use std::io;
use thiserror::Error;

/// A longer side is refused before memory is taken for it.
pub(super) const MAX_SIDE: u32 = 16_384;
/// More pixels are refused likewise; the largest cameras of telephones but a few have fewer.
pub(super) const MAX_PIXELS: u64 = 1 << 26;

/// Why a picture could not be read or written.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The file cannot be read.
    #[error("{path}: cannot read the picture")]
    Unreadable {
        /// The file.
        path: String,
        /// The system's error.
        source: io::Error,
    },
    /// The file is read, but its content is wrong.
    #[error("{path}")]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        source: Box<PictureError>,
    },
    /// The content is of none of the formats.
    #[error("not a PNG, JPEG, WebP, GIF, BMP or TIFF picture; save it as one of these")]
    NoPicture,
    /// The content is of a format that is read, but cannot be decoded.
    #[error("the picture is damaged, cut short or of a rare kind; save it anew as PNG or JPEG")]
    Damaged(#[source] image::ImageError),
    /// More pixels than are read.
    #[error(
        "the picture is too large: more than {MAX_SIDE} pixels a side or {} million in all; make it smaller",
        MAX_PIXELS / 1_000_000
    )]
    TooLarge,
    /// A side of no pixels.
    #[error("the picture has no pixels; save it anew")]
    Empty,
    /// Neither grey nor colours.
    #[error("images of {0} channels; a picture has 1 or 3")]
    Channels(usize),
    /// The picture could not be made.
    #[error("the picture cannot be encoded")]
    Encoder(#[source] png::EncodingError),
}
