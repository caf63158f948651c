//! Tables of pictures that `data import` reads.

#![no_main]

use fmnist_tui::data::import::format::csv::parse;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    for delimiter in [b',', b'\t'] {
        if let Ok(table) = parse(bytes, delimiter, Path::new("fuzzed")) {
            let rows = table.first.len();
            assert!(rows > 0 && table.last.len() == rows);
            assert_eq!(table.middle.len(), rows * (table.columns - 2));
        }
    }
});
