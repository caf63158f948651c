//! Spec files: what is accepted is written back as the same spec, and its memory can be estimated.

#![no_main]

use fmnist_tui::spec::Spec;
use fmnist_tui::train::MemoryNeed;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let path = Path::new("fuzzed");
    match Spec::parse(text, path) {
        Ok(spec) => {
            assert!(MemoryNeed::of_training(&spec).total() > 0);
            let again = Spec::parse(&spec.to_json(), path);
            assert_eq!(again.expect("a spec reads its own JSON"), spec);
        }
        Err(error) => {
            let line = error.to_string();
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }
});
