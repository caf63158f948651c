//! Sweeps and the learning rate test as a user runs them, on the built-in sample set.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod ablate;
mod grid;
mod lr_find;
#[path = "../program/mod.rs"]
mod program;
#[cfg(unix)]
mod resume;
#[cfg(unix)]
mod seeds;
mod shards;

use fmnist_tui::runs::read_metrics;
use program::{fail, json_lines, run, succeed};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Two networks from two seeds each, in a second or so.
const SWEEP: [&str; 11] = [
    "sweep",
    "--preset",
    "tiny",
    "--vary",
    "learning_rate=0.001,0.01",
    "--seeds",
    "2",
    "--epochs",
    "2",
    "--limit",
    "300",
];

/// What the four members of [`SWEEP`] are called.
const MEMBERS: [&str; 4] = [
    "001-learning_rate=0.001-seed=1",
    "002-learning_rate=0.001-seed=2",
    "003-learning_rate=0.01-seed=1",
    "004-learning_rate=0.01-seed=2",
];

/// [`SWEEP`] with another value of an option.
fn sweep_with(option: &str, value: &'static str) -> [&'static str; 11] {
    let mut args = SWEEP;
    let place = args.iter().position(|arg| *arg == option).unwrap();
    args[place + 1] = value;
    args
}

/// Runs the sweep with more arguments, which must succeed; gives its stdout.
fn sweep(folder: &Path, more: &[&str]) -> String {
    succeed(folder, &[&SWEEP, more].concat())
}

/// Starts the program as a process of its own.
fn spawn(folder: &Path, args: &[&str]) -> Child {
    let program = program::program(folder);
    let mut command = Command::new(program.get_program());
    command.current_dir(folder).args(args);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// The run folders in a sweep's folder.
fn members(sweep: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(sweep).unwrap();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn names(paths: &[PathBuf]) -> Vec<&str> {
    paths
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect()
}

/// The metrics of a sweep's members, but for what a clock has to do with.
fn metrics(sweep: &Path) -> Vec<Vec<[f64; 5]>> {
    let of = |run: &PathBuf| -> Vec<[f64; 5]> {
        let epochs = read_metrics(run).into_iter();
        epochs
            .map(|epoch| {
                [
                    epoch.train_loss,
                    epoch.train_accuracy,
                    epoch.validation_loss,
                    epoch.validation_accuracy,
                    epoch.learning_rate,
                ]
            })
            .collect()
    };
    members(sweep).iter().map(of).collect()
}

/// The lines of a table: from its header to the first that is no row.
fn table(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().skip_while(|line| !line.starts_with("rank"));
    let cells = |line: &str| -> Vec<String> {
        let cells = line.split("  ").map(str::trim);
        cells
            .filter(|cell| !cell.is_empty())
            .map(str::to_owned)
            .collect()
    };
    lines
        .take_while(|line| line.starts_with("rank") || line.starts_with("   "))
        .map(cells)
        .collect()
}
