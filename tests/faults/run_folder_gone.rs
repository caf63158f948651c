//! The folder of a run is deleted under its hands.

use crate::pty::Screen;
use crate::{a_run_still_works, leave, train, variant};

#[test]
fn a_run_whose_folder_is_deleted_says_so_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec $APP");
    screen.wait_for("ready to train on");
    let long = variant("long", |spec| spec.epochs = 10_000);
    train(&mut screen, folder.path(), &long);
    screen.wait_for("epoch 1: validation accuracy");
    // Away in one step: the run writes on, and a folder that gains a file cannot be removed.
    let gone = folder.path().join("gone");
    std::fs::rename(folder.path().join("runs"), &gone).unwrap();
    std::fs::remove_dir_all(gone).unwrap();
    screen.wait_for("Esc dismisses");
    screen.wait_for("had been removed");
    let is_back = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap().path().join("spec.json").exists()
    };
    let mut runs = std::fs::read_dir(folder.path().join("runs")).unwrap();
    assert!(runs.any(is_back));
    screen.wait_for("● running");
    screen.press("f");
    screen.wait_for("● stopped");
    while screen.text().contains("Esc dismisses") {
        screen.press("\u{1b}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    a_run_still_works(&mut screen, folder.path());
    leave(&mut screen);
}
