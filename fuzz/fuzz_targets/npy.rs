//! NumPy's arrays and IDX files of any type, as `data import` reads them.

#![no_main]

use fmnist_tui::data::import::format::{idx, numpy};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("fuzzed");
    let headless = [b"\x93NUMPY\x01\0", bytes].concat();
    let arrays = [
        numpy::parse(&mut &*bytes, path),
        numpy::parse(&mut &headless[..], path),
        idx::parse(&mut &*bytes, path),
    ];
    for array in arrays.into_iter().flatten() {
        assert_eq!(array.numbers.len(), array.shape.iter().product::<usize>());
    }
});
