//! Pictures for tests.

use super::decoded::Picture;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use std::io::Cursor;

/// A picture whose pixels at `(x, y)` are these: red, green, blue, alpha.
pub(super) fn picture(width: u32, height: u32, pixel: impl Fn(usize, usize) -> [u8; 4]) -> Picture {
    Picture::new(image(width, height, pixel))
}

/// The same, for an encoder.
pub(super) fn image(
    width: u32,
    height: u32,
    pixel: impl Fn(usize, usize) -> [u8; 4],
) -> DynamicImage {
    RgbaImage::from_fn(width, height, |x, y| Rgba(pixel(x as usize, y as usize))).into()
}

/// The content of a file of this format.
pub(super) fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}
