//! Files of the usual formats, told apart by their content, as pictures.

use super::decoded::Picture;
use super::error::{MAX_PIXELS, MAX_SIDE, PictureError};
use crate::fs::read_limited;
use crate::text::shown_path;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::path::Path;

/// A longer file is refused: the largest picture takes less, even as plain bytes with transparency.
const MAX_BYTES: u64 = (MAX_PIXELS * 4) + (1 << 20);
/// What a decoder may take: the largest picture with four channels of 8 bits.
const MAX_MEMORY: u64 = MAX_PIXELS * 4;

const FORMATS: [ImageFormat; 6] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
];

/// [`decode`] on the content of a file.
///
/// # Errors
/// A file that cannot be read, or whose content is no picture; the file is named.
pub fn read_picture(path: &Path) -> Result<Picture, PictureError> {
    let bytes = read_limited(path, MAX_BYTES).map_err(|source| PictureError::Unreadable {
        path: shown_path(path),
        source,
    })?;
    decode(&bytes).map_err(|error| PictureError::File {
        path: shown_path(path),
        source: Box::new(error),
    })
}

/// The picture of a PNG, JPEG, WebP, GIF, BMP or TIFF file, of any colour type and depth, turned as its EXIF
/// data says. Of a moving picture it is the first frame.
///
/// # Errors
/// Bytes of another format, damaged ones, and pictures with too many pixels or none.
pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    let format = image::guess_format(bytes)
        .ok()
        .filter(|format| FORMATS.contains(format))
        .ok_or(PictureError::NoPicture)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(error_of)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PictureError::Empty);
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_MEMORY {
        return Err(PictureError::TooLarge);
    }
    // Damaged EXIF data is no reason to refuse what can be seen.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(error_of)?;
    image.apply_orientation(orientation);
    Ok(Picture::new(image))
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

fn error_of(error: ImageError) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::TooLarge,
        error => PictureError::Damaged(error),
    }
}

#[cfg(test)]
mod tests;
