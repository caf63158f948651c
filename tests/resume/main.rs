//! A run survives what befalls its process and its disk.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod disk;
mod kill;
mod lock;
mod signals;

use fmnist_tui::nn::{TensorState, load_model};
use fmnist_tui::runs::read_metrics;
use fmnist_tui::train::EpochMetrics;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program in `folder`, with no data to be found but the sample set.
fn program(folder: &Path) -> Command {
    in_shell(folder, "exec \"$APP\" \"$@\"")
}

/// A shell script in `folder` with `$APP` standing for the program and `$@` for its arguments.
fn in_shell(folder: &Path, script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]);
    command.current_dir(folder);
    command.env("APP", env!("CARGO_BIN_EXE_fmnist-tui"));
    command.env_remove("FMNIST_DATA");
    for name in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
    ] {
        command.env(name, folder.join("home"));
    }
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits for the end; gives the exit code and what was written to stderr.
fn end(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), errors)
}

/// Runs a command, which must succeed.
fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    succeed(Command::new("kill").args(["-s", name, &id]));
}

/// Reads lines of the program's stdout until one contains `text`.
fn wait_for_line(lines: &mut impl Iterator<Item = std::io::Result<String>>, text: &str) -> String {
    lines
        .map(|line| line.unwrap())
        .find(|line| line.contains(text))
        .unwrap_or_else(|| panic!("the program ended without a line with {text:?}"))
}

/// The lines of the program's stdout.
fn lines(child: &mut Child) -> std::io::Lines<BufReader<impl Read + use<>>> {
    BufReader::new(child.stdout.take().unwrap()).lines()
}

/// The tensors of a model file.
fn tensors(path: &Path) -> Vec<TensorState> {
    load_model(path).unwrap().0.network().state()
}

/// What a run folder holds in the end, but for what a clock has to do with.
type Outcome = (
    Vec<EpochMetrics>,
    Vec<TensorState>,
    Vec<TensorState>,
    Vec<u8>,
);

fn outcome(folder: &Path) -> Outcome {
    let timeless = |metrics: EpochMetrics| EpochMetrics {
        seconds: 0.0,
        images_per_second: 0.0,
        train_eval_loss: None,
        train_eval_accuracy: None,
        ..metrics
    };
    (
        read_metrics(folder).into_iter().map(timeless).collect(),
        tensors(&folder.join("model.safetensors")),
        tensors(&folder.join("best.safetensors")),
        std::fs::read(folder.join("history.bin")).unwrap(),
    )
}
