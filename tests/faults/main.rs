//! What can go wrong while the program runs, and what it does then: through its real event loop, most
//! of it in a real terminal.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod data_gone;
mod diverged;
mod internal;
#[path = "../pty/mod.rs"]
mod pty;
mod run_folder_gone;
mod terminal_gone;

use fmnist_tui::spec::{Spec, preset};
use pty::Screen;
use std::path::Path;

/// `tiny`, changed and under another name.
fn variant(name: &str, change: impl FnOnce(&mut Spec)) -> Spec {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.name = name.into();
    change(&mut spec);
    spec
}

/// Opens a spec that a file in the program's folder holds from now on, and starts it.
fn train(screen: &mut Screen, folder: &Path, spec: &Spec) {
    let file = format!("{}.json", spec.name);
    std::fs::write(folder.join(&file), spec.to_json()).unwrap();
    screen.press("1o");
    screen.wait_for(&file);
    screen.press(&format!("{}\r", spec.name));
    screen.wait_for(&format!("opened {}", spec.name));
    screen.train();
}

/// Trains `tiny` for an epoch, to the end.
fn a_run_still_works(screen: &mut Screen, folder: &Path) {
    train(screen, folder, &variant("after", |spec| spec.epochs = 1));
    screen.wait_for("after is done: best validation accuracy");
}

/// Leaves, whatever the network's edits.
fn leave(screen: &mut Screen) {
    screen.press("q");
    screen.ended();
    screen.wait_until_restored();
}
