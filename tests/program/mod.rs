//! The real program on the command line.

#![allow(dead_code, reason = "every test program uses its own part")]

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

/// The program in a folder of its own, with no data to be found but the sample set.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("fmnist-tui").unwrap();
    command.current_dir(folder);
    command.env_remove("FMNIST_DATA");
    // What is in the user's folders must not change a test, nor a test them.
    command.env_remove("FMNIST_CONFIG");
    for name in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
    ] {
        command.env(name, folder.join("home"));
    }
    command
}

/// Runs the program; gives its exit code, stdout and stderr.
pub fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    answer(program(folder).args(args))
}

/// Runs the program, which must succeed; gives its stdout.
pub fn succeed(folder: &Path, args: &[&str]) -> String {
    let (code, out, err) = run(folder, args);
    assert_eq!(code, 0, "{args:?}: {err}");
    out
}

/// Runs the program, which must fail with `code` and one line on stderr; gives the line.
pub fn fail(folder: &Path, code: i32, args: &[&str]) -> String {
    let (found, out, err) = run(folder, args);
    assert_eq!(found, code, "{args:?}: {err}");
    assert!(out.is_empty(), "{args:?} printed {out}");
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.starts_with("error: "), "{err}");
    err
}

/// Runs a command; gives its exit code, stdout and stderr.
pub fn answer(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// The objects that stand in the lines.
pub fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
