//! Ctrl-C and its like: the run is saved, and the program says how it goes on.

use crate::{end, in_shell, lines, outcome, program, signal, succeed, wait_for_line};
use fmnist_tui::runs::read_newest;
use std::process::Command;
use std::time::Duration;

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
        assert_eq!(
            resume,
            format!("fmnist-tui train --resume '{folder}' --json")
        );
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
    // Held, it cannot answer the first before the second is there.
    for name in ["STOP", "INT", "CONT", "STOP"] {
        signal(&child, name);
    }
    std::thread::sleep(Duration::from_millis(700));
    for name in ["TERM", "CONT"] {
        signal(&child, name);
    }
    let (exit, errors) = end(child);
    assert!(matches!(exit, Some(130 | 143)), "{exit:?}");
    assert!(!errors.contains("to go on"), "{errors}");
    let found = read_newest(&parent.path().join("run")).unwrap();
    assert_eq!(found.checkpoint.step(), 0);
}

#[test]
fn two_signals_at_once_are_one_request() {
    let parent = tempfile::tempdir().unwrap();
    let mut child = program(parent.path())
        .args(RUN)
        .args(["--out", "run"])
        .spawn()
        .unwrap();
    let mut output = lines(&mut child);
    wait_for_line(&mut output, "\"epoch\":1");
    // As GNU timeout does. They differ because the same one twice, waiting, would count as one.
    for name in ["STOP", "TERM", "INT", "CONT"] {
        signal(&child, name);
    }
    let done = wait_for_line(&mut output, "\"event\":\"done\"");
    assert!(done.contains("\"stopped_early\":true"), "{done}");
    let (exit, errors) = end(child);
    assert!(matches!(exit, Some(130 | 143)), "{exit:?}");
    assert!(errors.contains("to go on: "), "{errors}");
    let found = read_newest(&parent.path().join("run")).unwrap();
    assert!(found.checkpoint.step() > 0);
}

#[test]
fn the_printed_line_has_the_data_and_the_board_and_the_data_may_be_renamed() {
    let parent = tempfile::tempdir().unwrap();
    let place = parent.path();
    succeed(program(place).args(["data", "make-sample", "--out", "my data"]));
    let with_data = |command: &mut Command| {
        let options = ["--data", "my data", "--tensorboard", "board"];
        command.args(RUN).args(options);
    };
    let mut whole = program(place);
    with_data(&mut whole);
    succeed(whole.args(["--out", "whole"]));
    for renamed in [false, true] {
        let folder = format!("stopped-{renamed}");
        let mut command = program(place);
        with_data(&mut command);
        let mut child = command.args(["--out", &folder]).spawn().unwrap();
        let mut output = lines(&mut child);
        wait_for_line(&mut output, "\"epoch\":2");
        signal(&child, "INT");
        wait_for_line(&mut output, "\"event\":\"done\"");
        let (_, errors) = end(child);
        let (_, resume) = errors.trim_end().split_once("to go on: ").unwrap();
        let mut arguments = shlex::split(resume).unwrap();
        if renamed {
            std::fs::rename(place.join("my data"), place.join("elsewhere")).unwrap();
            for argument in arguments.iter_mut().filter(|text| *text == "my data") {
                *argument = "elsewhere".into();
            }
            assert!(arguments.iter().any(|text| text == "elsewhere"));
        }
        succeed(program(place).args(&arguments[1..]));
        assert_eq!(outcome(&place.join(&folder)), outcome(&place.join("whole")));
        assert!(place.join("board").join(&folder).is_dir());
    }
}

#[test]
fn output_that_nobody_reads_ends_the_run_and_is_no_success() {
    let parent = tempfile::tempdir().unwrap();
    let place = parent.path();
    let piped = "{ \"$APP\" \"$@\"; echo $? >code; } | head -n 1";
    let code = || {
        let code = std::fs::read_to_string(place.join("code")).unwrap();
        code.trim().to_owned()
    };
    let ends = |arguments: &[&str]| {
        let child = in_shell(place, piped).args(arguments).spawn().unwrap();
        let (_, errors) = end(child);
        assert_eq!(code(), "141", "{errors}");
        let line = errors.lines().last().unwrap();
        assert!(
            line.starts_with("nobody reads the output any more; "),
            "{line}"
        );
        let (_, command) = line.split_once("to go on: ").unwrap();
        shlex::split(command).unwrap()
    };
    succeed(program(place).args(RUN).args(["--out", "whole"]));
    let train: Vec<&str> = RUN.into_iter().chain(["--out", "run"]).collect();
    let go_on = ends(&train);
    succeed(program(place).args(&go_on[1..]));
    assert_eq!(outcome(&place.join("run")), outcome(&place.join("whole")));
    let go_on = ends(&[
        "sweep", "--preset", "tiny", "--seeds", "3", "--epochs", "2", "--limit", "600", "--out",
        "sweep",
    ]);
    let output = program(place).args(&go_on[1..]).output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("3"));
}
