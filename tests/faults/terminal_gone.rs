//! The terminal goes away, or was never there.

use crate::pty::{Screen, comes_true};
use crate::{train, variant};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;

/// Starts the program in a terminal, sends the keys, waits for the text, takes the terminal away, and
/// waits for the process to end.
fn ends_without_its_terminal(has_signal: bool, keys: &str, text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut child = left_alone(folder.path(), has_signal, keys, text);
    let ended = comes_true(|| child.try_wait().unwrap().is_some());
    if !ended {
        child.kill().unwrap();
    }
    assert!(ended, "the program goes on without its terminal");
}

fn left_alone(
    folder: &Path,
    has_signal: bool,
    keys: &str,
    text: &str,
) -> Box<dyn Child + Send + Sync> {
    let pair = native_pty_system()
        .openpty(PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_fmnist-tui"));
    command.cwd(folder);
    command.env("TERM", "xterm-256color");
    command.env("HOME", folder);
    command.env_remove("FMNIST_DATA");
    // The system sends SIGHUP only to those whose controlling terminal it was.
    command.set_controlling_tty(has_signal);
    let child = pair.slave.spawn_command(command).unwrap();
    let mut keyboard = pair.master.take_writer().unwrap();
    let mut output = pair.master.try_clone_reader().unwrap();
    let mut parser = vt100::Parser::new(24, 80, 0);
    let mut bytes = [0; 4096];
    let mut read_until = |text: &str| {
        while !parser.screen().contents().contains(text) {
            let count = output.read(&mut bytes).unwrap();
            parser.process(&bytes[..count]);
        }
    };
    read_until("ready to train on");
    keyboard.write_all(keys.as_bytes()).unwrap();
    keyboard.flush().unwrap();
    read_until(text);
    child
}

#[test]
fn an_app_that_loses_its_terminal_ends() {
    ends_without_its_terminal(true, "2", "No run yet");
    ends_without_its_terminal(true, "t", "● running");
}

#[test]
fn an_app_that_loses_a_terminal_it_does_not_control_ends_too() {
    ends_without_its_terminal(false, "2", "No run yet");
    ends_without_its_terminal(false, "t", "● running");
}

#[test]
fn without_a_keyboard_the_app_says_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "$APP < /dev/null; echo ended $?");
    screen.wait_for("the app needs a terminal");
    screen.wait_for("ended 1");
    screen.ended();
    screen.wait_until_restored();
}

#[test]
fn the_end_of_input_is_a_key_without_a_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec $APP");
    screen.wait_for("ready to train on");
    let long = variant("long", |spec| spec.epochs = 10_000);
    train(&mut screen, folder.path(), &long);
    screen.wait_for("● running");
    screen.press("\u{4}?");
    screen.wait_for("Keys: Train");
    screen.press("\u{1b}");
    screen.wait_until("the help closed", |screen| !screen.contains("Keys: Train"));
    screen.press("qy");
    screen.ended();
    screen.wait_until_restored();
}
