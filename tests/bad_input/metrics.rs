//! `metrics.jsonl` of a run folder.

use crate::allocation::peak_of;
use crate::damage::damaged;
use fmnist_tui::runs::{parse_metrics, read_metrics};
use proptest::prelude::*;

const LINE: &str = r#"{"epoch":1,"train_loss":1.0,"train_accuracy":0.5,"validation_loss":1.0,"validation_accuracy":0.6,"learning_rate":0.1,"seconds":1.0,"images_per_second":10.0}"#;

fn good() -> String {
    format!("{LINE}\n{LINE}\n{LINE}\n")
}

proptest! {
    #[test]
    fn damaged_files(bytes in damaged(good().into_bytes())) {
        prop_assert!(parse_metrics(&bytes).len() <= 4);
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        parse_metrics(&bytes);
    }
}

#[test]
fn a_file_cut_anywhere_gives_its_whole_lines() {
    let good = good();
    for length in 0..good.len() {
        let whole = length.div_ceil(LINE.len() + 1).saturating_sub(1);
        let found = parse_metrics(&good.as_bytes()[..length]).len();
        // Without its end a last line is whole all the same.
        assert!(
            found == whole || found == whole + 1,
            "{found} of {length} bytes"
        );
    }
}

#[test]
fn a_line_of_a_gigabyte_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("metrics.jsonl")).unwrap();
    file.set_len(1 << 30).unwrap();
    let (epochs, peak) = peak_of(|| read_metrics(folder.path()));
    assert!(epochs.is_empty() && peak < 32 << 20, "{peak} bytes");
}
