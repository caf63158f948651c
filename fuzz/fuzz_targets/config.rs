//! A config file's text: what is read has keys in no conflict, and an error names a place of the text.

#![no_main]

use fmnist_tui::config::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match parse(text) {
        Ok(config) => {
            if let Some(keymap) = config.keymap {
                assert_eq!(keymap.conflict(), None);
            }
        }
        Err(problem) => {
            assert!((1..=text.matches('\n').count() + 1).contains(&problem.line));
            assert!(problem.column >= 1);
        }
    }
});
