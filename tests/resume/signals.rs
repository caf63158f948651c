//! Ctrl-C and its like: the run is saved, and the program says how it goes on.

use crate::{end, lines, outcome, program, signal, succeed, wait_for_line};
use fmnist_tui::runs::read_newest;

const RUN: [&str; 8] = [
    "train", "--preset", "tiny", "--epochs", "6", "--limit", "1500", "--json",
];

#[test]
fn a_signal_saves_the_run_and_the_line_it_prints_goes_on_with_it() {
    let parent = tempfile::tempdir().unwrap();
    succeed(program(parent.path()).args(RUN).args(["--out", "whole"]));
    let expected = outcome(&parent.path().join("whole"));
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = format!("stopped by {name}");
        let mut child = program(parent.path())
            .args(RUN)
            .args(["--out", &folder])
            .spawn()
            .unwrap();
        let mut output = lines(&mut child);
        wait_for_line(&mut output, "\"epoch\":2");
        signal(&child, name);
        let done = wait_for_line(&mut output, "\"event\":\"done\"");
        assert!(done.contains("\"stopped_early\":true"), "{done}");
        let (exit, errors) = end(child);
        assert_eq!(exit, Some(code), "{errors}");
        let line = errors.lines().last().unwrap();
        let (_, resume) = line.split_once("to go on: ").unwrap();
        assert_eq!(resume, format!("fmnist-tui train --resume '{folder}'"));
        let arguments = shlex::split(resume).unwrap();
        succeed(program(parent.path()).args(&arguments[1..]));
        assert_eq!(outcome(&parent.path().join(&folder)), expected);
    }
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let parent = tempfile::tempdir().unwrap();
    let arguments = [
        "train",
        "--preset",
        "bn-dropout",
        "--batch",
        "4000",
        "--out",
        "run",
        "--json",
    ];
    let mut child = program(parent.path()).args(arguments).spawn().unwrap();
    let mut output = lines(&mut child);
    wait_for_line(&mut output, "\"event\":\"start\"");
    // Held, it cannot answer the first before the second is there. They differ because the same one
    // twice, waiting, would count as one.
    for name in ["STOP", "INT", "TERM", "CONT"] {
        signal(&child, name);
    }
    let (exit, errors) = end(child);
    assert!(matches!(exit, Some(130 | 143)), "{exit:?}");
    assert!(!errors.contains("to go on"), "{errors}");
    let found = read_newest(&parent.path().join("run")).unwrap();
    assert_eq!(found.checkpoint.step(), 0);
}
