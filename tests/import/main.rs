//! `fmnist-tui data import` as a user runs it: every source, what is refused, and what is left.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod archives;
mod arrays;
mod idx;
mod made;
#[path = "../program/mod.rs"]
mod program;
mod refused;
mod tables;
mod trees;
mod whole;

use fmnist_tui::data::Dataset;
use program::succeed;
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes a file, and the folders around it.
fn put(path: &Path, bytes: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Imports `source` of a folder, which must succeed, with more options; gives the data and what was said.
fn import(dir: &Path, source: &str, options: &[&str]) -> (Dataset, Value) {
    let args = [
        &["data", "import", source, "--to", "set", "--json"],
        options,
    ]
    .concat();
    let said = succeed(dir, &args);
    assert_eq!(
        names(dir)
            .iter()
            .filter(|name| name.starts_with('.'))
            .count(),
        0
    );
    let set = Dataset::load(&dir.join("set")).unwrap();
    (set, serde_json::from_str(&said).unwrap())
}

/// What is in a folder, but for what the program keeps in the user's folders.
fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "home")
        .collect();
    names.sort();
    names
}
