//! `metrics.jsonl` of a run folder: what is read is a beginning of the file's lines.

#![no_main]

use fmnist_tui::runs::parse_metrics;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(parse_metrics(bytes).len() <= lines);
});
