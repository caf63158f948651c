//! `history.bin` of a run folder.

use crate::allocation::peak_of;
use crate::damage::{damaged, flips};
use crate::run;
use fmnist_tui::insight::Stories;
use fmnist_tui::runs::{History, ReadHistory, history_bytes, parse_history, read_history};
use fmnist_tui::train::{ConfusionMatrix, Evaluation};
use proptest::prelude::*;

const LABELS: [u8; 4] = [0, 1, 2, 1];

fn history(epochs: usize) -> History {
    let mut history = History::new(3, &LABELS);
    for epoch in 1..=epochs {
        let mut confusion = ConfusionMatrix::new(3);
        LABELS
            .iter()
            .for_each(|label| confusion.add(usize::from(*label), 1));
        let evaluation = Evaluation {
            loss: 1.0 / epoch as f64,
            accuracy: confusion.accuracy(),
            confusion,
            predictions: vec![1; 4],
            probabilities: [0.25, 0.5, 0.25].repeat(4),
        };
        history.add(epoch, &evaluation);
    }
    history
}

/// Uses what was read as a screen would.
fn look_at(read: &ReadHistory) {
    for answers in read.history.epochs() {
        read.history.evaluation(answers.epoch).unwrap();
    }
    let _ = Stories::new(&read.history);
}

#[test]
fn every_flipped_bit_is_found_and_every_cut_leaves_whole_epochs() {
    let good = history_bytes(&history(3));
    let whole = parse_history(&good).unwrap();
    assert_eq!((whole.history.epochs().len(), whole.damage), (3, None));
    for damaged in flips(&good) {
        if let Ok(read) = parse_history(&damaged) {
            let place = read.damage.as_deref().unwrap_or_default();
            assert!(place.contains(", at byte "), "{place}");
            look_at(&read);
        }
    }
    let begins = history_bytes(&history(0)).len();
    for length in 0..good.len() {
        match parse_history(&good[..length]) {
            Ok(read) => {
                assert!(length >= begins && read.damage.is_none());
                assert_eq!(
                    history_bytes(&read.history),
                    good[..history_bytes(&read.history).len()]
                );
            }
            Err(_) => assert!(length < begins),
        }
    }
}

/// Puts right checksums into a damaged file, as somebody would who wants to be believed.
fn signed(mut bytes: Vec<u8>) -> Vec<u8> {
    let header = 21 + 8 + LABELS.len();
    let mut parts = vec![(0, header)];
    let mut at = header + 4;
    while at + 17 <= bytes.len() {
        parts.push((at, at + 13));
        let body = LABELS.len() * if bytes[at + 4] == 2 { 4 } else { 1 };
        parts.push((at + 17, at + 17 + body));
        at += 17 + body + 4;
    }
    for (start, end) in parts {
        if end + 4 <= bytes.len() {
            let sum = crc32fast::hash(&bytes[start..end]).to_le_bytes();
            bytes[end..end + 4].copy_from_slice(&sum);
        }
    }
    bytes
}

proptest! {
    #[test]
    fn damaged_files(bytes in damaged(history_bytes(&history(3)))) {
        if let Ok(read) = parse_history(&bytes) {
            look_at(&read);
        }
    }

    #[test]
    fn damage_behind_right_checksums_is_survived(bytes in damaged(history_bytes(&history(3)))) {
        if let Ok(read) = parse_history(&signed(bytes)) {
            look_at(&read);
        }
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let behind_a_beginning = [history_bytes(&history(1)), bytes.clone()].concat();
        for bytes in [bytes, behind_a_beginning] {
            if let Ok(read) = parse_history(&bytes) {
                look_at(&read);
            }
        }
    }
}

#[test]
fn a_file_that_asks_for_billions_or_has_them_takes_no_memory() {
    let mut bytes = b"fmnist-tui history 1\n".to_vec();
    bytes.extend([0xff; 8]);
    let (read, peak) = peak_of(|| parse_history(&bytes));
    assert!(read.is_err() && peak < 1 << 20, "{peak} bytes");
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("history.bin")).unwrap();
    file.set_len(1 << 30).unwrap();
    let (read, peak) = peak_of(|| read_history(folder.path()));
    assert!(read.unwrap_err().contains("history.bin: cannot read") && peak < 1 << 20);
}

#[test]
fn the_command_names_the_file_and_the_place_and_a_run_goes_on_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let train = [
        "train", "--preset", "tiny", "--limit", "200", "--epochs", "2", "--out", "run",
    ];
    assert_eq!(run(folder.path(), &train).0, 0);
    let path = folder.path().join("run/history.bin");
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 10;
    bytes[last] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    let (code, _, error) = run(folder.path(), &["history", "run"]);
    assert_eq!(code, 1);
    assert!(error.contains("history.bin: record 2, at byte "), "{error}");
    let more = ["train", "--resume", "run", "--more", "1"];
    let (code, out, error) = run(folder.path(), &more);
    assert_eq!(code, 0, "{error}");
    let said = format!("{out}{error}");
    assert!(said.contains("record 2, at byte"), "{said}");
    let (code, out, error) = run(folder.path(), &["history", "run", "--json"]);
    assert_eq!(code, 0, "{error}");
    assert!(
        out.contains("\"epoch\":3") && !out.contains("\"epoch\":2"),
        "{out}"
    );
    std::fs::remove_file(path).unwrap();
    let (code, _, error) = run(folder.path(), &["history", "run"]);
    assert!(code == 1 && error.contains("no history.bin"), "{error}");
}
