//! What stands in a zip archive, before anything of it is unpacked.

#![no_main]

use fmnist_tui::data::import::unpack::zip::listing;
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use std::path::Component;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((archive, entries)) = listing(Cursor::new(bytes)) {
        assert!(entries.len() <= archive.len());
        for entry in entries {
            assert!(entry.path.components().all(|part| matches!(part, Component::Normal(_))));
        }
    }
});
