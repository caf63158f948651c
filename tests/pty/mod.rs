//! The real program in a terminal of its own.

#![allow(dead_code, reason = "every test program uses its own part")]

use portable_pty::{Child, CommandBuilder, PtyPair, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing waits for it when all goes well.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks until the answer is yes; says whether it came in time.
pub fn comes_true(question: impl FnMut() -> bool) -> bool {
    comes_true_within(PATIENCE, question)
}

/// The same with another patience.
pub fn comes_true_within(patience: Duration, mut question: impl FnMut() -> bool) -> bool {
    let since = Instant::now();
    while !question() {
        if since.elapsed() > patience {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

/// A shell in a terminal of 80×24, in a folder of its own.
pub struct Screen {
    pair: PtyPair,
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    parser: Arc<Mutex<vt100::Parser>>,
}

impl Screen {
    /// Runs `script` with `$APP` standing for the program.
    pub fn run(folder: &Path, script: &str) -> Self {
        Self::run_recorded(folder, script, std::io::sink())
    }

    /// The same, with all that is sent to the terminal in `record` too, before it can be read on the
    /// screen.
    pub fn run_recorded(
        folder: &Path,
        script: &str,
        mut record: impl Write + Send + 'static,
    ) -> Self {
        let pair = native_pty_system().openpty(size(80, 24)).unwrap();
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script]);
        command.cwd(folder);
        command.env("APP", env!("CARGO_BIN_EXE_fmnist-tui"));
        command.env("TERM", "xterm-256color");
        command.env("HOME", folder);
        command.env("XDG_DATA_HOME", folder);
        command.env("XDG_STATE_HOME", folder);
        command.env("XDG_CONFIG_HOME", folder);
        command.env_remove("FMNIST_CONFIG");
        command.env_remove("FMNIST_DATA");
        let child = pair.slave.spawn_command(command).unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let mut output = pair.master.try_clone_reader().unwrap();
        let parser = Arc::new(Mutex::new(vt100::Parser::new(24, 80, 0)));
        let screen = Arc::clone(&parser);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                record.write_all(&bytes[..count]).unwrap();
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

    /// The process that `script` runs in; the program's own after `exec $APP`.
    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// What there is to read. Blanks at line ends are not part of it: written or never, they look the same.
    pub fn text(&self) -> String {
        let contents = self.parser.lock().unwrap().screen().contents();
        let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
        lines.join("\n")
    }

    /// What there is to read once nothing has been written for a while: a frame arrives in pieces.
    pub fn settled(&self) -> String {
        let mut text = self.text();
        let settled = comes_true(|| {
            std::thread::sleep(Duration::from_millis(300));
            let before = std::mem::replace(&mut text, self.text());
            before == text
        });
        assert!(settled, "the screen never rests:\n{text}");
        text
    }

    /// Waits until the screen shows the text.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |screen| screen.contains(text));
    }

    /// Waits until what the screen shows is right.
    pub fn wait_until(&self, what: &str, is_right: impl Fn(&str) -> bool) {
        assert!(
            comes_true(|| is_right(&self.text())),
            "{what:?} does not appear; the screen is\n{}",
            self.text()
        );
    }

    /// Types the keys, all at once.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Trains the network of the Design screen, and says yes where that takes long.
    pub fn train(&mut self) {
        self.press("t");
        self.wait_until("a run or a question", |screen| {
            screen.contains("Sure?") || screen.contains("● ")
        });
        if self.text().contains("Sure?") {
            self.press("y");
        }
    }

    /// Gives the window another size. The picture of it never shrinks, so that output for an older
    /// size still has its place in it.
    pub fn resize(&self, cols: u16, rows: u16) {
        let mut parser = self.parser.lock().unwrap();
        let (most_rows, most_cols) = parser.screen().size();
        parser
            .screen_mut()
            .set_size(most_rows.max(rows), most_cols.max(cols));
        drop(parser);
        self.pair.master.resize(size(cols, rows)).unwrap();
    }

    /// Waits for the shell to end.
    pub fn ended(&mut self) -> u32 {
        let mut status = None;
        let child = &mut self.child;
        comes_true(|| {
            status = child.try_wait().unwrap();
            status.is_some()
        });
        match status {
            Some(status) => status.exit_code(),
            None => panic!("the program does not end; the screen is\n{}", self.text()),
        }
    }

    /// Waits until the program has given back the second screen, the mouse and the cursor.
    pub fn wait_until_restored(&self) {
        let restored = comes_true(|| {
            let parser = self.parser.lock().unwrap();
            let screen = parser.screen();
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        assert!(restored, "the terminal is not given back");
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
