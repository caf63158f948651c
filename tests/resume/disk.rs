//! A disk that takes no more: the run goes on, says so, and saves again when it can.

use crate::{end, in_shell, lines, outcome, program, succeed, wait_for_line};
use std::process::Command;

/// Files larger than 32 KiB cannot be written: a checkpoint of `tiny` is larger, its spec smaller.
const LIMITED: &str = "ulimit -S -f 64; exec \"$APP\" \"$@\"";

const RUN: [&str; 9] = [
    "train", "--preset", "tiny", "--limit", "500", "--json", "--out", "run", "--epochs",
];

#[test]
fn a_run_on_a_full_disk_goes_on_to_its_end_and_fails_there() {
    let parent = tempfile::tempdir().unwrap();
    let mut child = in_shell(parent.path(), LIMITED)
        .args(RUN)
        .arg("3")
        .spawn()
        .unwrap();
    let output: Vec<String> = lines(&mut child).map(|line| line.unwrap()).collect();
    let (code, errors) = end(child);
    let count = |text: &str| output.iter().filter(|line| line.contains(text)).count();
    assert_eq!(count("\"event\":\"epoch\""), 3, "{output:?}");
    // It is told once, not after every epoch.
    assert_eq!(count("\"event\":\"not_saving\""), 1, "{output:?}");
    assert_eq!(count("File too large"), 1, "{output:?}");
    assert_eq!(code, Some(1));
    assert!(errors.contains("the run is not saved"), "{errors}");
    // What could be written is there, and nothing by halves.
    let mut names: Vec<String> = std::fs::read_dir(parent.path().join("run"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "checkpoint-0000000000.ckpt",
        "history.bin",
        "layers.jsonl",
        "metrics.jsonl",
        "model.md",
        "run.lock",
        "spec.json",
        "test.json",
    ];
    assert_eq!(names, expected);
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_saves_again_as_soon_as_the_disk_takes_it() {
    let parent = tempfile::tempdir().unwrap();
    let mut child = in_shell(parent.path(), LIMITED)
        .args(RUN)
        .arg("40")
        .spawn()
        .unwrap();
    let mut output = lines(&mut child);
    wait_for_line(&mut output, "\"event\":\"not_saving\"");
    let id = child.id().to_string();
    succeed(Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]));
    wait_for_line(&mut output, "\"event\":\"saving_again\"");
    wait_for_line(&mut output, "\"event\":\"done\"");
    let (code, errors) = end(child);
    assert_eq!(code, Some(0), "{errors}");
    let (metrics, ..) = outcome(&parent.path().join("run"));
    assert_eq!(metrics.len(), 40);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_before_the_first_batch() {
    let parent = tempfile::tempdir().unwrap();
    std::fs::write(parent.path().join("runs"), "in the way").unwrap();
    let output = program(parent.path())
        .args(["train", "--preset", "tiny", "--epochs", "1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("runs: cannot create the run folder"),
        "{errors}"
    );
}
