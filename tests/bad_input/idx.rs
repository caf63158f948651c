//! IDX files, plain and gzipped.

use crate::damage::{damaged, flips};
use fmnist_tui::data::DataError;
use fmnist_tui::data::idx::{
    Images, encode_images_gz, encode_labels_gz, parse_images, parse_labels,
};
use proptest::prelude::*;
use std::io::Read;
use std::path::Path;

fn images(bytes: &[u8]) -> Result<Images, DataError> {
    parse_images(bytes, bytes.len() as u64, Path::new("file"))
}

fn labels(bytes: &[u8]) -> Result<Vec<u8>, DataError> {
    parse_labels(bytes, bytes.len() as u64, Path::new("file"))
}

/// Five images of 3×4, and their labels, gzipped.
fn good() -> [Vec<u8>; 2] {
    let pixels: Vec<u8> = (0..60).map(|pixel| pixel * 4).collect();
    [
        encode_images_gz(&pixels, 3, 4),
        encode_labels_gz(&[0, 1, 2, 3, 4]),
    ]
}

fn unpacked(gzipped: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    flate2::read::GzDecoder::new(gzipped)
        .read_to_end(&mut raw)
        .unwrap();
    raw
}

/// Reads the bytes as both kinds; whatever comes must hold together.
fn read(bytes: &[u8]) {
    if let Ok(images) = images(bytes) {
        assert_eq!(
            images.pixels.len(),
            images.count * images.channels * images.height * images.width
        );
    }
    if let Ok(labels) = labels(bytes) {
        assert!(!labels.is_empty());
    }
}

proptest! {
    #[test]
    fn random_bytes_behind_any_beginning(
        start in prop_oneof![
            Just(vec![]),
            Just(vec![0, 0, 8, 3]),
            Just(vec![0, 0, 8, 1]),
            Just(vec![0x1f, 0x8b, 8, 0]),
        ],
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        read(&[start, rest].concat());
    }

    #[test]
    fn damaged_files(
        (plain, gzipped) in prop_oneof![Just(0_usize), Just(1)]
            .prop_flat_map(|kind| (damaged(unpacked(&good()[kind])), damaged(good()[kind].clone()))),
    ) {
        read(&plain);
        read(&gzipped);
    }
}

#[test]
fn every_file_cut_short_is_refused() {
    let [image_file, label_file] = good();
    for file in [unpacked(&image_file), image_file] {
        assert!(images(&file).is_ok());
        for length in 0..file.len() {
            assert!(images(&file[..length]).is_err(), "{length} bytes");
        }
    }
    for file in [unpacked(&label_file), label_file] {
        assert!(labels(&file).is_ok());
        for length in 0..file.len() {
            assert!(labels(&file[..length]).is_err(), "{length} bytes");
        }
    }
}

#[test]
fn no_flipped_bit_of_a_gzipped_file_changes_what_is_read() {
    let [image_file, label_file] = good();
    let (right_images, right_labels) = (images(&image_file).unwrap(), labels(&label_file).unwrap());
    for bytes in flips(&image_file) {
        if let Ok(found) = images(&bytes) {
            assert_eq!(found, right_images);
        }
    }
    for bytes in flips(&label_file) {
        if let Ok(found) = labels(&bytes) {
            assert_eq!(found, right_labels);
        }
    }
}
