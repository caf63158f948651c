//! Pictures given to `predict --image`.

#![no_main]

use fmnist_tui::augment::ImageSize;
use fmnist_tui::data::picture::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for invert in [false, true] {
        for channels in [1, 3] {
            let size = ImageSize {
                channels,
                height: 28,
                width: 28,
            };
            if let Ok(pixels) = decode(bytes, size, invert) {
                assert_eq!(pixels.len(), size.bytes());
            }
        }
    }
});
