//! Model files, byte by byte.

#![no_main]

use fmnist_tui::nn::parse_model;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((model, info)) = parse_model(bytes, Path::new("fuzzed")) {
        assert_eq!(model.classes(), info.class_names.len());
    }
});
