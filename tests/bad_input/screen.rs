//! Names from files in the full-screen app, in a real terminal.

#![cfg(unix)]

use crate::names::HOSTILE;
use fmnist_tui::spec::{is_unseen, preset};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing waits for it when all goes well.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn no_screen_obeys_a_name_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let hostile = HOSTILE.replace('/', "");
    let mut spec = preset("tiny").unwrap();
    spec.name = HOSTILE.into();
    spec.dataset = HOSTILE.into();
    spec.epochs = 1;
    std::fs::write(folder.join(format!("{hostile}.json")), spec.to_json()).unwrap();
    // A run with that name, and one whose spec cannot be read for such a field.
    for (name, text) in [
        ("1", spec.to_json()),
        ("2", format!("{{\"{}\": 1}}", "\u{202e}\u{200b}")),
    ] {
        let run = folder.join(format!("runs/{name}{hostile}"));
        std::fs::create_dir_all(&run).unwrap();
        std::fs::write(run.join("spec.json"), text).unwrap();
    }

    let size = PtySize {
        rows: 40,
        cols: 140,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_fmnist-tui"));
    command.cwd(folder);
    command.env("TERM", "xterm-256color");
    for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, folder.join("home"));
    }
    command.env_remove("FMNIST_DATA");
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut keyboard = pair.master.take_writer().unwrap();
    let mut output = pair.master.try_clone_reader().unwrap();
    // All that was sent, and what a terminal makes of it.
    let received = Arc::new(Mutex::new((Vec::new(), vt100::Parser::new(40, 140, 0))));
    let sink = Arc::clone(&received);
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            let mut received = sink.lock().unwrap();
            received.0.extend_from_slice(&bytes[..count]);
            received.1.process(&bytes[..count]);
        }
    });
    let wait_for = |text: &str| {
        let since = Instant::now();
        loop {
            let screen = received.lock().unwrap().1.screen().contents();
            if screen.contains(text) {
                break;
            }
            assert!(
                since.elapsed() < PATIENCE,
                "{text:?} does not appear:\n{screen}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let mut press = |keys: &str| {
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    };

    wait_for("ready to train on");
    // The runs, then the spec: found by its name, opened, shown as JSON, trained, looked into.
    press("5");
    wait_for("pwned");
    press("1opwned");
    wait_for("spec file");
    press("\r");
    wait_for("opened a");
    press("e");
    wait_for("\"name\"");
    press("\u{1b}");
    wait_for("parameters");
    press("t");
    wait_for("is done");
    press("3");
    wait_for("Ankle boot");
    press("4");
    wait_for("predicted");
    press("5");
    wait_for("pwned");
    press("qy");
    let since = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(since.elapsed() < PATIENCE, "the program does not end");
        std::thread::sleep(Duration::from_millis(10));
    }

    let received = received.lock().unwrap();
    let text = String::from_utf8_lossy(&received.0);
    assert!(!text.contains("\u{1b}]0;pwned"), "the title was set");
    let mut sent = text.chars();
    let bad = sent.find(|c| is_unseen(*c) && !matches!(c, '\u{1b}' | '\n' | '\r' | '\u{8}'));
    assert_eq!(bad, None);
}
