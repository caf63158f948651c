//! Lessons that teachers write.

use crate::allocation::peak_of;
use crate::damage::damaged;
use crate::program::{fail, succeed};
use fmnist_tui::explain::lesson::{Lesson, Places};
use proptest::prelude::*;
use std::path::Path;

const SCREENS: [&str; 2] = ["Design", "Train"];

fn good() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts/lessons/dropout.txt");
    std::fs::read_to_string(path).unwrap()
}

/// Reads a text; an error names a line that there is.
fn read(text: &str) -> Result<Lesson, String> {
    let places = Places {
        screens: &SCREENS,
        folder: None,
    };
    Lesson::parse("spoilt", text, &places).map_err(|error| {
        assert!(
            (1..=text.lines().count().max(1)).contains(&error.line),
            "{error}"
        );
        error.to_string()
    })
}

proptest! {
    #[test]
    fn damaged_files(bytes in damaged(good().into_bytes())) {
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(lesson) = read(&text)
        {
            prop_assert!(!lesson.steps.is_empty());
        }
    }

    #[test]
    fn random_lines(lines in prop::collection::vec("[a-z{}<>=*|: -]{0,40}", 0..40)) {
        let _ = read(&lines.join("\n"));
    }
}

#[test]
fn a_file_cut_anywhere_is_a_lesson_or_an_error() {
    let good = good();
    for length in (0..good.len()).filter(|length| good.is_char_boundary(*length)) {
        let _ = read(&good[..length]);
    }
}

#[test]
fn an_error_names_the_file_and_the_line_and_cannot_drive_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let check = |bytes: &[u8]| {
        std::fs::write(folder.path().join("mine.txt"), bytes).unwrap();
        fail(folder.path(), 1, &["learn", "mine.txt", "--check"])
    };
    let text = good();
    let error = check(
        text.replacen("wait: trained", "wait: until done", 1)
            .as_bytes(),
    );
    let line = 1 + text
        .lines()
        .position(|line| line == "wait: trained")
        .unwrap();
    assert!(
        error.contains(&format!("mine.txt: line {line}: a step waits for")),
        "{error}"
    );
    let error = check(b"title: \x1b[31mred\nminutes: 1\n\nsay: x\n");
    assert!(
        error.contains("mine.txt: line 1: ") && !error.contains('\u{1b}'),
        "{error}"
    );
    let error = check(b"title: x\nminutes: 1\n\nsay: \xff\xfe\n");
    assert!(
        error.contains("mine.txt: line 4: this is no UTF-8 text"),
        "{error}"
    );
    let error = fail(folder.path(), 1, &["learn", "none.txt", "--check"]);
    assert!(
        error.contains("none.txt: cannot read the lesson"),
        "{error}"
    );
    let error = fail(folder.path(), 2, &["learn", "dropuot"]);
    assert!(
        error.contains("there is no lesson") && error.contains("dropout"),
        "{error}"
    );
    std::fs::write(folder.path().join("mine.txt"), &text).unwrap();
    let told = succeed(folder.path(), &["learn", "mine.txt", "--check"]);
    assert!(told.contains("nothing wrong"), "{told}");
}

#[test]
fn a_lesson_of_a_gigabyte_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.txt");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    let (lesson, peak) = peak_of(|| Lesson::read(&path, &SCREENS).map(drop));
    assert!(lesson.is_err() && peak < 256 * 1024, "{peak} bytes");
}
