//! IDX files of images and of labels, plain or gzipped as the bytes have it.

#![no_main]

use fmnist_tui::data::idx::{parse_images, parse_labels};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let (stored, path) = (bytes.len() as u64, Path::new("fuzzed"));
    if let Ok(images) = parse_images(bytes, stored, path) {
        assert_eq!(
            images.pixels.len(),
            images.count * images.channels * images.height * images.width
        );
    }
    if let Ok(labels) = parse_labels(bytes, stored, path) {
        assert!(!labels.is_empty());
    }
});
