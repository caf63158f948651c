//! Gzip around IDX files: the bytes are what stands behind gzip's magic number and method.

#![no_main]

use fmnist_tui::data::idx::{parse_images, parse_labels};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let file = [&[0x1f, 0x8b, 8], bytes].concat();
    let (stored, path) = (file.len() as u64, Path::new("fuzzed"));
    if let Ok(images) = parse_images(file.as_slice(), stored, path) {
        assert_eq!(
            images.pixels.len(),
            images.count * images.channels * images.height * images.width
        );
    }
    if let Ok(labels) = parse_labels(file.as_slice(), stored, path) {
        assert!(!labels.is_empty());
    }
});
