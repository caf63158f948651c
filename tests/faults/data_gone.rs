//! The folder of the data is not there, or not any more.

use crate::pty::Screen;
use crate::{a_run_still_works, leave, train, variant};

#[test]
fn a_data_folder_that_is_not_there_is_named_and_nothing_trains() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec $APP --data gone");
    screen.wait_for("gone: no such folder; check the path");
    screen.wait_for("no data");
    screen.press("\u{1b}");
    screen.wait_until("no error", |screen| !screen.contains("Esc dismisses"));
    screen.press("t");
    screen.wait_for("cannot train without data: gone: no such folder");
    // All that needs no data goes on working.
    screen.press("otiny\r");
    screen.wait_for("opened tiny");
    screen.press("5");
    screen.wait_for("No runs yet");
    leave(&mut screen);
}

#[test]
fn a_data_folder_that_vanishes_while_training_is_not_missed() {
    let folder = tempfile::tempdir().unwrap();
    let script = "$APP data make-sample --out images && exec $APP --data images";
    let mut screen = Screen::run(folder.path(), script);
    screen.wait_for(" is ready");
    let long = variant("long", |spec| spec.epochs = 10_000);
    train(&mut screen, folder.path(), &long);
    screen.wait_for("epoch 1: validation accuracy");
    std::fs::remove_dir_all(folder.path().join("images")).unwrap();
    // The images are in memory: this run goes on, and others can follow it.
    screen.wait_for("epoch 3: validation accuracy");
    screen.press("f");
    screen.wait_for("long is stopped: best validation accuracy");
    screen.press("r");
    screen.wait_for("training long, seed 2");
    screen.wait_for("epoch 1: validation accuracy");
    screen.press("f");
    screen.wait_for("long is stopped: best validation accuracy");
    a_run_still_works(&mut screen, folder.path());
    leave(&mut screen);
}
