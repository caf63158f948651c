//! What a user does on the command line, on the built-in sample set.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod broken;
mod precision;
mod results;
mod usage;

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The program in an empty folder of its own, with no data to be found but the sample set.
fn program(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("fmnist-tui").unwrap();
    command.current_dir(folder);
    command.env_remove("FMNIST_DATA");
    // What is in the user's folders must not change a test, nor a test them.
    for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        command.env(name, folder.join("home"));
    }
    command
}

fn empty() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs the program; gives its exit code, stdout and stderr.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = program(folder).args(args).output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Runs the program, which must succeed; gives its stdout.
fn succeed(folder: &Path, args: &[&str]) -> String {
    let (code, out, err) = run(folder, args);
    assert_eq!(code, 0, "{args:?}: {err}");
    out
}

/// Runs the program, which must fail with `code` and one line on stderr; gives the line.
fn fail(folder: &Path, code: i32, args: &[&str]) -> String {
    let (found, out, err) = run(folder, args);
    assert_eq!(found, code, "{args:?}: {err}");
    assert!(out.is_empty(), "{args:?} printed {out}");
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.starts_with("error: "), "{err}");
    err
}

/// Trains the smallest network for an epoch; gives its run folder.
fn train_tiny(folder: &Path) -> PathBuf {
    let args = [
        "train", "--preset", "tiny", "--epochs", "1", "--limit", "256", "--out", "run",
    ];
    succeed(folder, &args);
    folder.join("run")
}

/// Every file and folder below `folder`, but for the log's.
fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("home") {
            continue;
        }
        if path.is_dir() {
            found.extend(everything(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}
