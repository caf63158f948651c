//! Input that is damaged, hostile or absurd. Every reader answers with an error or a good value, takes
//! no more memory than the input may ask for, and no name from a file drives the terminal.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod allocation;
mod bounds;
mod checkpoint;
mod damage;
mod idx;
mod metrics;
mod model;
mod names;
mod picture;
mod places;
mod screen;
mod spec;

use assert_cmd::Command;
use std::path::Path;

/// The program in `folder`, with no data to be found but the sample set.
fn program(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("fmnist-tui").unwrap();
    command.current_dir(folder).env_remove("FMNIST_DATA");
    for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        command.env(name, folder.join("home"));
    }
    command
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
