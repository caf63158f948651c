//! Pictures given to `predict --image`.

#![no_main]

use fmnist_tui::data::picture::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for invert in [false, true] {
        if let Ok(pixels) = decode(bytes, 28, 28, invert) {
            assert_eq!(pixels.len(), 28 * 28);
        }
    }
});
