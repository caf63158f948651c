//! Looking around, and wrong command lines.

use crate::{empty, everything, fail, run, succeed};
use fmnist_tui::{data::sample, spec::PRESETS};

#[test]
fn presets_are_listed_with_their_sizes() {
    let out = succeed(empty().path(), &["presets"]);
    assert_eq!(out.lines().count(), 1 + PRESETS.len());
    assert!(out.contains("644.7 k"), "{out}");
}

#[test]
fn a_summary_shows_every_layer() {
    let out = succeed(empty().path(), &["summary", "--preset", "basic-cnn"]);
    for text in [
        "Conv2d 64, 3×3, padding 1",
        "64×28×28",
        "644,746",
        "Sgd",
        "batch size",
    ] {
        assert!(out.contains(text), "{text} is missing in\n{out}");
    }
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    let folder = empty();
    let wrong: [&[&str]; 6] = [
        &["no-such-command"],
        &["train"],
        &["train", "--preset", "tiny", "--spec", "a.json"],
        &["train", "--preset", "tiny", "--epochs", "many"],
        &["train", "--preset", "tiny", "--threads", "0"],
        &["eval"],
    ];
    for args in wrong {
        let (code, out, err) = run(folder.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.starts_with("error: "), "{err}");
    }
    for (option, value) in [
        ("--epochs", "0"),
        ("--batch", "9000"),
        ("--lr", "nan"),
        ("--lr", "-1"),
    ] {
        let error = fail(
            folder.path(),
            2,
            &["train", "--preset", "tiny", option, value],
        );
        assert!(error.contains(option), "{error}");
    }
    assert!(everything(folder.path()).is_empty());
}

#[test]
fn an_unknown_preset_names_those_there_are() {
    let error = fail(empty().path(), 2, &["train", "--preset", "huge"]);
    assert!(
        error.contains("huge") && error.contains("bn-dropout"),
        "{error}"
    );
}

#[test]
fn a_bad_spec_file_is_named_with_its_line() {
    let folder = empty();
    let json = PRESETS[0]
        .json
        .replace("\"batch_size\": 128", "\"batch_size\": 0");
    std::fs::write(folder.path().join("mine.json"), &json).unwrap();
    let line = json
        .lines()
        .position(|line| line.contains("batch_size"))
        .unwrap()
        + 1;
    for command in ["train", "summary", "bench"] {
        let error = fail(folder.path(), 1, &[command, "--spec", "mine.json"]);
        assert!(error.contains(&format!("mine.json:{line}:")), "{error}");
    }
    let error = fail(folder.path(), 1, &["train", "--spec", "none.json"]);
    assert!(error.contains("none.json"), "{error}");
    assert_eq!(everything(folder.path()).len(), 1);
}

#[test]
fn help_and_version_are_there() {
    let folder = empty();
    assert!(succeed(folder.path(), &["--help"]).contains("bench"));
    assert!(succeed(folder.path(), &["--version"]).contains(env!("CARGO_PKG_VERSION")));
}

#[test]
#[cfg(unix)]
fn output_nobody_reads_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("fmnist-tui"))
        .arg("presets")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn without_data_the_sample_set_is_said_to_be_one() {
    let folder = empty();
    for args in [["data", "path"], ["data", "info"]] {
        let out = succeed(folder.path(), &args);
        assert!(out.contains("not Fashion-MNIST"), "{out}");
    }
    let error = fail(folder.path(), 1, &["data", "info", "--data", "nowhere"]);
    assert!(error.contains("nowhere"), "{error}");
}

#[test]
fn the_sample_set_can_be_written_and_read_back() {
    let folder = empty();
    succeed(
        folder.path(),
        &["data", "make-sample", "--out", "mine/sample"],
    );
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample");
    for (name, bytes) in sample::FILES {
        let written = std::fs::read(folder.path().join("mine/sample").join(name)).unwrap();
        assert_eq!(written, bytes, "{name}");
        assert_eq!(
            written,
            std::fs::read(shipped.join(name)).unwrap(),
            "{name}"
        );
    }
    // Folder, its parent and four files: no temporary file stays.
    assert_eq!(everything(folder.path()).len(), 6);
    let out = succeed(folder.path(), &["data", "path", "--data", "mine/sample"]);
    assert!(out.contains("mine/sample"), "{out}");
    succeed(folder.path(), &["data", "info", "--data", "mine/sample"]);
    succeed(
        folder.path(),
        &["data", "make-sample", "--out", "mine/sample"],
    );
}

#[test]
fn making_the_sample_set_overwrites_no_other_data() {
    let folder = empty();
    let [(name, _), ..] = sample::FILES;
    std::fs::write(folder.path().join(name), "precious").unwrap();
    let error = fail(folder.path(), 1, &["data", "make-sample", "--out", "."]);
    assert!(error.contains(name), "{error}");
    assert_eq!(everything(folder.path()).len(), 1);
}
