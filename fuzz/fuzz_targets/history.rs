//! `history.bin` of a run folder: what is read whole is written as it was.

#![no_main]

use fmnist_tui::insight::Stories;
use fmnist_tui::runs::{history_bytes, parse_history};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = parse_history(bytes) else {
        return;
    };
    let again = history_bytes(&read.history);
    assert!(bytes.starts_with(&again));
    for answers in read.history.epochs() {
        assert!(read.history.evaluation(answers.epoch).is_some());
    }
    let _ = Stories::new(&read.history);
});
