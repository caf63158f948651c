//! The real program on the command line.

#![allow(dead_code, reason = "every test program uses its own part")]

use assert_cmd::Command;
use std::path::Path;

/// The program in a folder of its own, with no data to be found but the sample set.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("fmnist-tui").unwrap();
    command.current_dir(folder);
    command.env_remove("FMNIST_DATA");
    // What is in the user's folders must not change a test, nor a test them.
    for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        command.env(name, folder.join("home"));
    }
    command
}

/// Runs the program; gives its exit code, stdout and stderr.
pub fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    answer(program(folder).args(args))
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
