//! The real program in a real terminal: from the first key to a saved model, and the terminal as it was.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

use fmnist_tui::nn::load_model;
use portable_pty::{Child, CommandBuilder, PtyPair, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing waits for it when all goes well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shell in a terminal of 80×24, in a folder of its own.
struct Screen {
    pair: PtyPair,
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    parser: Arc<Mutex<vt100::Parser>>,
}

impl Screen {
    /// Runs `script` with `$APP` standing for the program.
    fn run(folder: &Path, script: &str) -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script]);
        command.cwd(folder);
        command.env("APP", env!("CARGO_BIN_EXE_fmnist-tui"));
        command.env("TERM", "xterm-256color");
        command.env("HOME", folder);
        command.env("XDG_DATA_HOME", folder);
        command.env("XDG_STATE_HOME", folder);
        command.env_remove("FMNIST_DATA");
        let child = pair.slave.spawn_command(command).unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let mut output = pair.master.try_clone_reader().unwrap();
        let parser = Arc::new(Mutex::new(vt100::Parser::new(24, 80, 0)));
        let screen = Arc::clone(&parser);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                screen.lock().unwrap().process(&bytes[..count]);
            }
        });
        Self {
            pair,
            child,
            keyboard,
            parser,
        }
    }

    fn text(&self) -> String {
        self.parser.lock().unwrap().screen().contents()
    }

    /// Waits until the screen shows the text.
    fn wait_for(&self, text: &str) {
        let since = Instant::now();
        while !self.text().contains(text) {
            assert!(
                since.elapsed() < PATIENCE,
                "{text:?} does not appear; the screen is\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits for the shell to end.
    fn ended(&mut self) -> u32 {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(
                since.elapsed() < PATIENCE,
                "the program does not end; the screen is\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the program has given back the second screen, the mouse and the cursor.
    fn wait_until_restored(&self) {
        let since = Instant::now();
        while !self.is_restored() {
            assert!(since.elapsed() < PATIENCE, "the terminal is not given back");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn is_restored(&self) -> bool {
        let parser = self.parser.lock().unwrap();
        let screen = parser.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }
}

const SCRIPT: &str = "stty -a > before; $APP; echo ended $?; stty -a > after";

fn modes_are_as_before(folder: &Path) {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("before"), read("after"));
}

#[test]
fn a_network_is_changed_trained_watched_and_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), SCRIPT);
    screen.wait_for("ready to train on");
    screen.wait_for("bn-dropout");
    screen.press("otiny");
    screen.wait_for("quick, for trying things");
    screen.press("\r");
    screen.wait_for("opened tiny");
    screen.wait_for("Conv2d 8, 3×3");
    // More kernels in the first layer: its form, and a step of the first field.
    screen.press("\r");
    screen.wait_for("out channels");
    screen.press("+\r");
    screen.wait_for("Conv2d 12, 3×3");
    screen.press("t");
    screen.wait_for("tiny is done");
    screen.wait_for("best");
    let curves = screen.text();
    assert!(
        curves.contains("validation") || curves.contains("Validation"),
        "{curves}"
    );
    screen.press("3");
    screen.wait_for("Ankle boot");
    screen.press("4");
    screen.wait_for("predicted");
    screen.press("s");
    screen.wait_for("tiny.safetensors");
    screen.press("\r");
    screen.wait_for("saved tiny.safetensors");
    screen.press("q");
    screen.wait_for("edits that are in no file");
    screen.press("y");
    screen.ended();
    screen.wait_until_restored();
    screen.wait_for("ended 0");
    modes_are_as_before(folder.path());

    let (model, info) = load_model(&folder.path().join("tiny.safetensors")).unwrap();
    assert_eq!(model.classes(), 10);
    assert!(info.metrics["validation_accuracy"].as_f64().unwrap() > 0.85);
    let runs = std::fs::read_dir(folder.path().join("runs")).unwrap();
    assert_eq!(runs.count(), 1);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["TERM", "INT", "HUP"] {
        let script = format!(
            "stty -a > before; $APP < /dev/tty & APP_PID=$!; while [ ! -e go ]; do sleep 0.05; done; \
             kill -{signal} $APP_PID; wait $APP_PID; echo ended; stty -a > after; rm go"
        );
        // Without job control a program in the background may read the keyboard.
        let mut screen = Screen::run(folder.path(), &format!("set +m; {script}"));
        screen.wait_for("ready to train on");
        std::fs::write(folder.path().join("go"), "").unwrap();
        screen.ended();
        screen.wait_until_restored();
        screen.wait_for("ended");
        modes_are_as_before(folder.path());
    }
}

#[test]
fn any_size_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), SCRIPT);
    screen.wait_for("ready to train on");
    screen.press("otiny\r");
    screen.wait_for("opened tiny");
    // The picture of the terminal is as large as the largest size, so that output for an older size
    // still has its place in it.
    let larger = |parser: &mut vt100::Parser| parser.screen_mut().set_size(60, 200);
    larger(&mut screen.parser.lock().unwrap());
    screen.press("t");
    for (cols, rows) in [(1, 1), (20, 5), (200, 60), (120, 36), (59, 40), (80, 24)] {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        screen.pair.master.resize(size).unwrap();
        std::thread::sleep(Duration::from_millis(60));
    }
    screen.wait_for("tiny is done");
    screen.press("q");
    screen.ended();
    screen.wait_until_restored();
}

#[test]
fn suspending_gives_the_terminal_back_and_continuing_draws_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec sh -i");
    screen.press("$APP\r");
    screen.wait_for("ready to train on");
    screen.press("\u{1a}");
    screen.wait_for("Stopped");
    screen.wait_until_restored();
    screen.press("fg\r");
    screen.wait_for("21 layers");
    screen.press("q");
    screen.wait_for("fg");
    screen.press("exit\r");
    screen.ended();
    screen.wait_until_restored();
}
