//! Picture files.

use crate::damage::damaged;
use fmnist_tui::augment::ImageSize;
use fmnist_tui::data::picture::decode;
use image::ImageFormat;
use png::{BitDepth, ColorType};
use proptest::prelude::*;
use std::io::Cursor;

/// A picture of 4×3.
pub fn good(color: ColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 4, 3);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    let data: Vec<u8> = (0..12 * color.samples() as u8)
        .map(|value| value * 5)
        .collect();
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&data)
        .unwrap();
    bytes
}

/// Another format of the same picture.
fn other(format: ImageFormat) -> Vec<u8> {
    let picture = image::load_from_memory(&good(ColorType::Rgb)).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn size(channels: usize, height: usize, width: usize) -> ImageSize {
    ImageSize {
        channels,
        height,
        width,
    }
}

fn read(bytes: &[u8]) {
    if let Ok(picture) = decode(bytes) {
        let background = picture.background();
        for channels in [1, 3] {
            let size = size(channels, 3, 4);
            let image = picture.fit(size, background.colour).unwrap();
            assert_eq!(image.len(), 12 * channels);
        }
    }
}

proptest! {
    #[test]
    fn random_bytes(
        start in prop_oneof![Just(0_usize), Just(8), Just(33)],
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        read(&[&good(ColorType::Rgba)[..start], &rest].concat());
    }

    #[test]
    fn damaged_files(
        bytes in prop_oneof![
            Just(ColorType::Grayscale), Just(ColorType::Rgb), Just(ColorType::Rgba)
        ].prop_flat_map(|color| damaged(good(color))),
    ) {
        read(&bytes);
    }

    #[test]
    fn damaged_files_of_other_formats(
        bytes in prop_oneof![
            Just(ImageFormat::Jpeg), Just(ImageFormat::WebP), Just(ImageFormat::Gif), Just(ImageFormat::Bmp),
            Just(ImageFormat::Tiff)
        ].prop_flat_map(|format| damaged(other(format))),
    ) {
        read(&bytes);
    }
}

#[test]
fn a_picture_without_its_pixels_is_refused() {
    let good = good(ColorType::Grayscale);
    let data = good.windows(4).position(|name| name == b"IDAT").unwrap();
    assert!(decode(&good).is_ok());
    for length in 0..data + 8 {
        assert!(decode(&good[..length]).is_err(), "{length} bytes");
    }
}
