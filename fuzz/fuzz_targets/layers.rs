//! `layers.jsonl` of a run folder: what is read is a beginning of the file's lines.

#![no_main]

use fmnist_tui::runs::parse_layers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    let (layers, whole) = parse_layers(bytes);
    assert!(layers.len() <= lines);
    assert!(whole.is_ok() || layers.len() < lines);
});
