//! Pictures: PNG files as the pixels of images, and images as PNG files.

use crate::augment::ImageSize;
use crate::fs::read_limited;
use crate::text::shown_path;
use png::{ColorType, Transformations};
use std::io::{self, Cursor};
use std::path::Path;
use thiserror::Error;

/// A larger side is refused before anything is allocated for it.
const MAX_SIDE: u32 = 4096;
/// A longer file is refused: four 16-bit channels of the largest picture take less.
const MAX_BYTES: u64 = 1 << 28;

/// Why a picture could not be read.
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
    /// The bytes are no PNG.
    #[error("not a readable PNG")]
    NotPng(#[source] png::DecodingError),
    /// A side is longer than any picture that is read.
    #[error("the picture is {height}×{width} (height×width), more than {MAX_SIDE} a side")]
    TooLarge {
        /// In pixels.
        height: u32,
        /// In pixels.
        width: u32,
    },
    /// The size is not the network's.
    #[error(
        "the picture is {}×{} (height×width), the network takes {}×{}; scale it first",
        .found.0, .found.1, .expected.0, .expected.1
    )]
    OtherSize {
        /// Height and width of the picture.
        found: (usize, usize),
        /// Height and width that the network takes.
        expected: (usize, usize),
    },
    /// The pixels do not fit into memory.
    #[error("the picture is too large")]
    NoMemory,
    /// Neither grey nor colours.
    #[error("the network takes {0} channels; a picture has 1 or 3")]
    Channels(usize),
    /// The picture could not be made.
    #[error("the picture cannot be encoded")]
    Encoder(#[source] png::EncodingError),
}

/// Reads a PNG of any colour type and depth as bytes `[channels, height, width]`. With one channel
/// colours become their luma (ITU-R BT.601); with three they are red, green and blue, all the same for a
/// grey picture. `invert` makes dark light; transparent pixels are black in any case, like the background of
/// the data sets.
///
/// # Errors
/// A file that cannot be read, is no PNG, or has another size than the network takes; a number of
/// channels that no picture has.
pub fn read_picture(path: &Path, size: ImageSize, invert: bool) -> Result<Vec<u8>, PictureError> {
    let bytes = read_limited(path, MAX_BYTES).map_err(|source| PictureError::Unreadable {
        path: shown_path(path),
        source,
    })?;
    decode(&bytes, size, invert).map_err(|error| PictureError::File {
        path: shown_path(path),
        source: Box::new(error),
    })
}

/// [`read_picture`] on the content of a file.
///
/// # Errors
/// Bytes that are no PNG, or one of another size than the network takes; a number of channels that no
/// picture has.
pub fn decode(bytes: &[u8], size: ImageSize, invert: bool) -> Result<Vec<u8>, PictureError> {
    let ImageSize {
        channels: planes,
        height,
        width,
    } = size;
    if !matches!(planes, 1 | 3) {
        return Err(PictureError::Channels(planes));
    }
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(PictureError::NotPng)?;
    let size = reader.info().size();
    if size.0 > MAX_SIDE || size.1 > MAX_SIDE {
        return Err(PictureError::TooLarge {
            height: size.1,
            width: size.0,
        });
    }
    let found = (size.1 as usize, size.0 as usize);
    let expected = (height, width);
    if found != expected {
        return Err(PictureError::OtherSize { found, expected });
    }
    let size = reader.output_buffer_size().ok_or(PictureError::NoMemory)?;
    let mut pixels = vec![0; size];
    let frame = reader
        .next_frame(&mut pixels)
        .map_err(PictureError::NotPng)?;
    let channels = frame.color_type.samples();
    let level = |plane: Option<usize>| {
        let pixels = pixels[..frame.buffer_size()].chunks_exact(channels);
        pixels.map(move |pixel| level(pixel, frame.color_type, plane, invert))
    };
    Ok(match planes {
        1 => level(None).collect(),
        planes => (0..planes).flat_map(|plane| level(Some(plane))).collect(),
    })
}

/// The content of a PNG file with an image `[channels, height, width]` of one channel or three.
///
/// # Errors
/// Another number of channels, or a failure of the encoder.
pub fn encode(image: &[u8], size: ImageSize) -> Result<Vec<u8>, PictureError> {
    let color = match size.channels {
        1 => ColorType::Grayscale,
        3 => ColorType::Rgb,
        channels => return Err(PictureError::Channels(channels)),
    };
    let plane = size.plane();
    let pixels = (0..plane).flat_map(|pixel| image.iter().skip(pixel).step_by(plane.max(1)));
    let pixels: Vec<u8> = pixels.copied().collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.width as u32, size.height as u32);
    encoder.set_color(color);
    let mut writer = encoder.write_header().map_err(PictureError::Encoder)?;
    writer
        .write_image_data(&pixels)
        .map_err(PictureError::Encoder)?;
    drop(writer);
    Ok(bytes)
}

/// A pixel's red, green or blue, or its luma.
fn level(pixel: &[u8], color: ColorType, plane: Option<usize>, invert: bool) -> u8 {
    let of = |r: u8, g: u8, b: u8| match plane {
        Some(plane) => [r, g, b].get(plane).copied().map_or(0, u32::from),
        None => luma(r, g, b),
    };
    let (level, alpha) = match (color, pixel) {
        (ColorType::Rgb, [r, g, b]) => (of(*r, *g, *b), 255),
        (ColorType::Rgba, [r, g, b, a]) => (of(*r, *g, *b), u32::from(*a)),
        (ColorType::GrayscaleAlpha, [grey, a]) => (u32::from(*grey), u32::from(*a)),
        _ => (pixel.first().copied().map_or(0, u32::from), 255),
    };
    let level = if invert { 255 - level } else { level };
    // At most 255 · 255 / 255.
    ((level * alpha + 127) / 255) as u8
}

fn luma(r: u8, g: u8, b: u8) -> u32 {
    (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;
    use png::BitDepth;

    fn size(channels: usize, height: usize, width: usize) -> ImageSize {
        ImageSize {
            channels,
            height,
            width,
        }
    }

    fn encode(color: ColorType, depth: BitDepth, width: u32, height: u32, data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == ColorType::Indexed {
            encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
        }
        encoder
            .write_header()
            .unwrap()
            .write_image_data(data)
            .unwrap();
        bytes
    }

    #[test]
    fn every_colour_type_and_depth_becomes_grey() {
        use BitDepth::{Eight, One, Sixteen};
        use ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
        let cases: [(ColorType, BitDepth, &[u8]); 7] = [
            (Grayscale, Eight, &[0, 255]),
            (Grayscale, Sixteen, &[0, 9, 255, 9]),
            (Grayscale, One, &[0b0100_0000]),
            (Indexed, One, &[0b0100_0000]),
            (Rgb, Eight, &[0, 0, 0, 255, 255, 255]),
            (Rgba, Eight, &[9, 9, 9, 0, 255, 255, 255, 255]),
            (GrayscaleAlpha, Eight, &[200, 0, 255, 255]),
        ];
        for (color, depth, data) in cases {
            let bytes = encode(color, depth, 2, 1, data);
            assert_eq!(
                decode(&bytes, size(1, 1, 2), false).unwrap(),
                [0, 255],
                "{color:?} {depth:?}"
            );
        }
    }

    #[test]
    fn dark_on_light_is_turned_and_transparent_stays_background() {
        let bytes = encode(
            ColorType::Rgba,
            BitDepth::Eight,
            2,
            1,
            &[0, 0, 0, 255, 0, 0, 0, 0],
        );
        assert_eq!(decode(&bytes, size(1, 1, 2), true).unwrap(), [255, 0]);
        let bytes = encode(ColorType::Rgb, BitDepth::Eight, 1, 1, &[255, 0, 0]);
        assert_eq!(decode(&bytes, size(1, 1, 1), false).unwrap(), [76]);
    }

    #[test]
    fn another_size_is_refused_and_both_are_named() {
        let bytes = encode(ColorType::Grayscale, BitDepth::Eight, 2, 1, &[0, 1]);
        let error = decode(&bytes, size(1, 28, 28), false)
            .unwrap_err()
            .to_string();
        assert!(error.contains("1×2") && error.contains("28×28"), "{error}");
    }

    #[test]
    fn a_huge_size_is_refused_before_it_is_allocated() {
        // The header of a picture of 5000 × 5000 whose data never comes.
        let mut bytes = encode(ColorType::Grayscale, BitDepth::Eight, 1, 1, &[0]);
        bytes[16..24].copy_from_slice(&[0, 0, 0x13, 0x88, 0, 0, 0x13, 0x88]);
        assert!(decode(&bytes, size(1, 28, 28), false).is_err());
        assert!(decode(b"not a PNG", size(1, 28, 28), false).is_err());
        let good = encode(ColorType::Grayscale, BitDepth::Eight, 2, 1, &[0, 1]);
        assert!(decode(&good[..good.len() - 20], size(1, 1, 2), false).is_err());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let grey = [0, 7, 100, 254, 255, 1];
        let bytes = super::encode(&grey, size(1, 2, 3)).unwrap();
        assert_eq!(decode(&bytes, size(1, 2, 3), false).unwrap(), grey);
        // As colours, a grey picture has each level three times.
        let colours = decode(&bytes, size(3, 2, 3), false).unwrap();
        assert_eq!(colours, [grey, grey, grey].concat());
        let colours: Vec<u8> = (0..18).map(|level| level * 13).collect();
        let bytes = super::encode(&colours, size(3, 2, 3)).unwrap();
        assert_eq!(decode(&bytes, size(3, 2, 3), false).unwrap(), colours);
        assert!(super::encode(&colours, size(9, 1, 2)).is_err());
        assert!(decode(&bytes, size(2, 2, 3), false).is_err());
    }
}
