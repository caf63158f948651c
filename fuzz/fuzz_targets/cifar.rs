//! CIFAR's records: the first byte says how often the rest is repeated, since a record is long.

#![no_main]

use fmnist_tui::data::import::format::cifar::{parse, versions};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let Some((times, bytes)) = bytes.split_first() else {
        return;
    };
    let file = bytes.repeat(usize::from(*times));
    for version in versions() {
        if let Ok((classes, pixels)) = parse(&mut &file[..], version, Path::new("fuzzed")) {
            assert_eq!(pixels.len(), classes.len() * 3 * 32 * 32);
        }
    }
});
