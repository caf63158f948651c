//! The program in a terminal of its own, which nobody sees.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The longest wait for a text: trainings take their time.
const PATIENCE: Duration = Duration::from_secs(600);
/// A frame is whole once nothing has changed for so long.
const REST: Duration = Duration::from_millis(250);

/// A terminal in which the program runs.
pub struct Terminal {
    parser: Arc<Mutex<vt100::Parser>>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Closing it ends the program.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts `program` in `folder`, in so many columns and rows.
    ///
    /// # Errors
    /// When there is no terminal to be had, or the program does not start.
    pub fn start(
        program: &Path,
        folder: &Path,
        (columns, rows): (u16, u16),
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(program);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env_remove("NO_COLOR");
        // Nothing of the person who runs this is in the pictures, and nothing of theirs is changed.
        for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
            command.env(name, folder);
        }
        let child = pair.slave.spawn_command(command)?;
        let keyboard = pair.master.take_writer()?;
        let mut output = pair.master.try_clone_reader()?;
        let parser = Arc::new(Mutex::new(vt100::Parser::new(rows, columns, 0)));
        let screen = Arc::clone(&parser);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                let mut screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
                screen.process(&bytes[..count]);
            }
        });
        Ok(Self {
            parser,
            keyboard,
            child,
            _master: pair.master,
        })
    }

    /// Types keys, all at once.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn press(&mut self, keys: &str) -> std::io::Result<()> {
        self.keyboard.write_all(keys.as_bytes())?;
        self.keyboard.flush()
    }

    /// Waits until the screen shows a text.
    ///
    /// # Errors
    /// The screen, when it does not.
    pub fn wait_for(&self, text: &str) -> Result<(), String> {
        let since = Instant::now();
        while !self.screen().contents().contains(text) {
            if since.elapsed() > PATIENCE {
                let contents = self.screen().contents();
                return Err(format!(
                    "{text:?} does not appear; the screen is\n{contents}"
                ));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// The screen once it rests, at the latest after `patience`: while a run trains it never does.
    pub fn settled(&self, patience: Duration) -> vt100::Screen {
        let since = Instant::now();
        let mut before = self.screen();
        loop {
            std::thread::sleep(REST);
            let now = self.screen();
            let rests = now.contents_formatted() == before.contents_formatted();
            if rests || since.elapsed() > patience {
                return now;
            }
            before = now;
        }
    }

    /// The screen as it is now.
    pub fn screen(&self) -> vt100::Screen {
        let parser = self.parser.lock().unwrap_or_else(PoisonError::into_inner);
        parser.screen().clone()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
