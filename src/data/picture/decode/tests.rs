use super::super::example::{file, image};
use super::*;
use image::ImageEncoder;
use image::codecs::jpeg::JpegEncoder;
use png::{BitDepth, ColorType};

/// Red on the left, a quarter of grey on the right.
fn two_halves() -> DynamicImage {
    let pixel = |x, _| match x {
        0..8 => [200, 0, 0, 255],
        _ => [64, 64, 64, 255],
    };
    image(16, 8, pixel).into_rgb8().into()
}

#[test]
fn every_format_gives_the_same_picture() {
    for format in FORMATS {
        let picture = decode(&file(&two_halves(), format)).unwrap();
        assert_eq!((picture.height(), picture.width()), (8, 16), "{format:?}");
        for (pixel, expected) in [(0, [200, 0, 0]), (15, [64, 64, 64])] {
            let found = picture.colours()[pixel];
            // JPEG loses a little.
            let near = found.into_iter().zip(expected);
            let near = near.into_iter().all(|(a, b)| u8::abs_diff(a, b) <= 4);
            assert!(near, "{format:?}: {found:?}");
        }
        assert_eq!(picture.alpha(), None, "{format:?}");
    }
}

#[test]
fn every_colour_type_and_depth_of_png_is_read() {
    use BitDepth::{Eight, One, Sixteen};
    use ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
    let cases: [(ColorType, BitDepth, &[u8]); 7] = [
        (Grayscale, Eight, &[0, 255]),
        (Grayscale, Sixteen, &[0, 9, 255, 255]),
        (Grayscale, One, &[0b0100_0000]),
        (Indexed, One, &[0b0100_0000]),
        (Rgb, Eight, &[0, 0, 0, 255, 255, 255]),
        (Rgba, Eight, &[0, 0, 0, 0, 255, 255, 255, 255]),
        (GrayscaleAlpha, Eight, &[0, 0, 255, 255]),
    ];
    for (color, depth, data) in cases {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == Indexed {
            encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        drop(writer);
        let picture = decode(&bytes).unwrap();
        assert_eq!(picture.colours(), [[0; 3], [255; 3]], "{color:?} {depth:?}");
        let alpha = matches!(color, Rgba | GrayscaleAlpha).then_some(&[0, 255][..]);
        assert_eq!(picture.alpha(), alpha, "{color:?} {depth:?}");
    }
}

#[test]
fn a_photo_is_turned_as_its_camera_says() {
    // EXIF: little-endian TIFF with one entry, the orientation 6, a quarter turn to the right.
    let mut exif = b"II*\0\x08\0\0\0\x01\0".to_vec();
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(&two_halves()).unwrap();
    let picture = decode(&bytes).unwrap();
    assert_eq!((picture.height(), picture.width()), (16, 8));
    // What was left is above.
    assert!(picture.colours()[0][0] > 150 && picture.colours()[127][0] < 100);
}

#[test]
fn what_is_no_picture_is_told_from_what_is_damaged() {
    for bytes in [
        &b""[..],
        b"no picture",
        b"<svg></svg>",
        b"\0\0\0\x1cftypheic",
    ] {
        let error = decode(bytes).unwrap_err();
        assert!(matches!(error, PictureError::NoPicture), "{error}");
    }
    for format in FORMATS {
        let whole = file(&two_halves(), format);
        let error = decode(&whole[..whole.len() / 2]);
        // JPEG shows what it has.
        let damaged = matches!(error, Err(PictureError::Damaged(_)));
        assert!(
            damaged || format == ImageFormat::Jpeg,
            "{format:?}: {error:?}"
        );
    }
}

#[test]
fn a_huge_picture_is_refused_before_memory_is_taken() {
    let mut bytes = file(&two_halves(), ImageFormat::Bmp);
    let huge = |bytes: &mut [u8], side: i32| {
        bytes[18..22].copy_from_slice(&side.to_le_bytes());
        bytes[22..26].copy_from_slice(&side.to_le_bytes());
    };
    for side in [20_000, 10_000] {
        huge(&mut bytes, side);
        let error = decode(&bytes).unwrap_err();
        assert!(matches!(error, PictureError::TooLarge), "{error}");
    }
}
