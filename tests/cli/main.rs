//! What a user does on the command line, on the built-in sample set.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod audit;
mod broken;
mod colour;
mod embed;
mod events;
mod explain;
mod export;
mod foreign;
mod going_on;
mod inside;
mod photos;
mod plot;
mod precision;
#[path = "../program/mod.rs"]
mod program;
mod results;
mod setting_up;
mod usage;

use program::{fail, run, succeed};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn empty() -> TempDir {
    tempfile::tempdir().unwrap()
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
