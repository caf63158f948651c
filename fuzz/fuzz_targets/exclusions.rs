//! Lists of images to leave out: what is accepted is in order and within the data, and reads its own lines again.

#![no_main]

use fmnist_tui::data::Exclusions;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

const IMAGES: usize = 60_000;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("fuzzed");
    match Exclusions::parse(bytes, path, IMAGES) {
        Ok(list) => {
            let images = list.images();
            assert!(images.is_sorted_by(|a, b| a < b));
            assert!(images.iter().all(|image| (*image as usize) < IMAGES));
            let written: String = images
                .iter()
                .map(|image| Exclusions::line(*image, "because\nof this"))
                .collect();
            let again = Exclusions::parse(written.as_bytes(), path, IMAGES);
            assert_eq!(again.expect("a list reads its own lines"), list);
        }
        Err(error) => {
            let line = error.to_string();
            assert!(
                line.starts_with("fuzzed:") && !line.chars().any(char::is_control),
                "{line:?}"
            );
        }
    }
});
