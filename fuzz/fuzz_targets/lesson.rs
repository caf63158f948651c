//! A lesson's text: what is read has steps, and an error names one of the text's lines.

#![no_main]

use fmnist_tui::explain::lesson::{Lesson, Places};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let places = Places {
        screens: &["Design", "Train"],
        folder: None,
    };
    match Lesson::parse("fuzzed", text, &places) {
        Ok(lesson) => assert!(!lesson.steps.is_empty()),
        Err(error) => assert!((1..=text.lines().count().max(1)).contains(&error.line)),
    }
});
