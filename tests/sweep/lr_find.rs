//! The learning rate range test.

use crate::{fail, json_lines, run, succeed};

const FIND: [&str; 7] = [
    "lr-find", "--preset", "tiny", "--limit", "1000", "--steps", "100",
];

#[test]
fn the_chart_marks_what_it_suggests() {
    let folder = tempfile::tempdir().unwrap();
    let out = succeed(folder.path(), &FIND);
    for text in [
        "Learning rate range test of tiny with Adam, ",
        "not Fashion-MNIST",
        "1e-6",
        "1e-3",
        "★",
        "the loss falls fastest here",
        "a tenth of where it is lowest",
    ] {
        assert!(out.contains(text), "{text} is missing in\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let braille = |letter: char| ('\u{2800}'..='\u{28ff}').contains(&letter);
    assert!(out.contains(braille), "{out}");
    // What it says to do can be done.
    let command = out
        .lines()
        .find(|line| line.contains("fmnist-tui train"))
        .unwrap();
    let mut words: Vec<&str> = command.split_whitespace().skip(1).collect();
    words.extend(["--epochs", "1", "--limit", "200"]);
    succeed(folder.path(), &words);

    let ascii = succeed(folder.path(), &[&FIND[..], &["--ascii"]].concat());
    assert!(ascii.is_ascii(), "{ascii}");
    assert!(ascii.contains('*') && ascii.contains("1e-3"), "{ascii}");
}

#[test]
fn the_same_seed_gives_the_same_curve_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let find = |more: &[&str]| {
        let out = succeed(folder.path(), &[&FIND[..], &["--json"], more].concat());
        let mut lines = json_lines(&out);
        let end = lines.pop().unwrap();
        (lines, end["suggestion"].clone())
    };
    let (lines, suggestion) = find(&["--threads", "1", "--csv", "steps.csv"]);
    assert_eq!(
        find(&["--threads", "2"]),
        (lines.clone(), suggestion.clone())
    );
    assert_ne!(find(&["--seed", "2"]).0, lines);
    // Adam on tiny: somewhere between what does nothing and what breaks it.
    let steepest = suggestion["steepest"].as_f64().unwrap();
    assert!((1e-4..1e-1).contains(&steepest), "{suggestion}");
    let minimum = suggestion["minimum"].as_f64().unwrap();
    assert!(minimum > steepest, "{suggestion}");

    let csv = std::fs::read_to_string(folder.path().join("steps.csv")).unwrap();
    let mut rows = csv.lines();
    assert_eq!(rows.next(), Some("learning_rate,loss,smoothed_loss"));
    for (row, line) in rows.by_ref().zip(&lines) {
        let numbers: Vec<f64> = row.split(',').map(|text| text.parse().unwrap()).collect();
        let expected = ["learning_rate", "loss", "smoothed_loss"].map(|name| line[name].as_f64());
        assert_eq!(numbers, expected.map(Option::unwrap));
    }
    assert_eq!((rows.next(), csv.lines().count()), (None, lines.len() + 1));
}

#[test]
fn nothing_is_left_behind_and_a_bad_range_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (args, text) in [
        (
            &["--from", "1", "--to", "0.1"][..],
            "--from 1: it must be below --to",
        ),
        (&["--from", "0"], "--from: is 0; it must be a number from"),
        (&["--to", "1e9"], "--to: is 1000000000; it must be"),
    ] {
        let error = fail(folder.path(), 2, &[&FIND[..], args].concat());
        assert!(error.contains(text), "{error}");
    }
    let (code, _, _) = run(
        folder.path(),
        &["lr-find", "--preset", "tiny", "--steps", "5"],
    );
    assert_eq!(code, 2);
    let error = fail(
        folder.path(),
        1,
        &["lr-find", "--preset", "tiny", "--limit", "1"],
    );
    assert!(error.contains("1 training images are too few"), "{error}");
    let error = fail(
        folder.path(),
        1,
        &[&FIND[..], &["--csv", "no/where.csv"]].concat(),
    );
    assert!(error.contains("no/where.csv"), "{error}");
    succeed(folder.path(), &FIND);
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name != "home")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
