//! The fetch from within the real app, in a real terminal.

use crate::folder;
use crate::server::{Server, status};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing waits for it when all goes well.
const PATIENCE: Duration = Duration::from_secs(60);

fn wait_for(what: &str, screen: &Mutex<vt100::Parser>) {
    let since = Instant::now();
    let text = || screen.lock().unwrap().screen().contents();
    while !text().contains(what) {
        assert!(since.elapsed() < PATIENCE, "no {what:?} on\n{}", text());
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn it_is_stopped_taken_up_again_and_its_failure_shown() {
    // Stands in the way to every server: silent at first, then refusing.
    let proxy = Server::start(|number, _, stream| match number {
        0 => std::thread::sleep(Duration::from_secs(600)),
        _ => status(stream, "403 Forbidden"),
    });
    let dir = folder();
    let size = PtySize {
        rows: 24,
        cols: 80,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_fmnist-tui"));
    command.cwd(dir.path());
    command.env("TERM", "xterm-256color");
    for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, dir.path());
    }
    command.env_remove("FMNIST_DATA");
    command.env_remove("NO_PROXY");
    command.env_remove("no_proxy");
    command.env("ALL_PROXY", proxy.url());
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut keyboard = pair.master.take_writer().unwrap();
    let mut output = pair.master.try_clone_reader().unwrap();
    let screen = Arc::new(Mutex::new(vt100::Parser::new(24, 80, 0)));
    let shown = Arc::clone(&screen);
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            shown.lock().unwrap().process(&bytes[..count]);
        }
    });
    let mut press = |keys: &str| {
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    };
    wait_for("D fetches the real data", &screen);
    press("D");
    wait_for("into your data folder", &screen);
    press("\r");
    while proxy.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(
        proxy.requests()[0].line,
        "CONNECT raw.githubusercontent.com:443 HTTP/1.1"
    );
    press("x");
    wait_for("Stopped at", &screen);
    press("\r");
    wait_for("could not be fetched", &screen);
    press("Dq");
    let since = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(since.elapsed() < PATIENCE, "the program does not end");
        std::thread::sleep(Duration::from_millis(10));
    }
}
