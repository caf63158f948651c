//! A session in the program, in which every event must arrive and be shown.

use crate::keys::ESCAPE;
use crate::latency::LatencyLog;
use crate::pty::{Screen, comes_true};
use std::path::Path;

/// How a run on the Train screen has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Before its last epoch, because of a key.
    pub stopped: bool,
    /// Epochs the screen has counted.
    pub epochs: usize,
}

/// The program and what was sent to it.
pub struct Session {
    pub screen: Screen,
    pub log: LatencyLog,
    /// Events sent so far.
    pub sent: usize,
    /// Times the help was opened and closed to see the screen follow.
    pub probes: usize,
    pub resizes: usize,
}

impl Session {
    pub fn start(folder: &Path) -> Self {
        let screen = Screen::run(folder, "exec $APP --latency-log latency.log");
        screen.wait_for("ready to train on");
        Self {
            screen,
            log: LatencyLog::open(&folder.join("latency.log")),
            sent: 0,
            probes: 0,
            resizes: 0,
        }
    }

    /// Sends one event.
    pub fn send(&mut self, event: &str) {
        self.screen.press(event);
        self.sent += 1;
        // A terminal cannot tell Esc and then a key from the key with Alt, unless time lies between.
        if event == ESCAPE {
            self.all_shown();
        }
    }

    /// Sends each letter as an event.
    pub fn type_keys(&mut self, keys: &str) {
        for key in keys.chars() {
            self.send(key.encode_utf8(&mut [0; 4]));
        }
        self.all_shown();
    }

    /// Waits until all that was sent has been read and drawn, and nothing else.
    pub fn all_shown(&mut self) {
        let (log, sent) = (&mut self.log, self.sent);
        comes_true(|| log.count() >= sent);
        assert_eq!(
            log.count(),
            sent,
            "events shown and events sent; the screen is\n{}",
            self.screen.text()
        );
    }

    /// Leaves whatever is open: the second letter is for an editor that asks about its text, and
    /// elsewhere copies a layer at most. Then dismisses all errors.
    pub fn settle(&mut self) {
        for event in [ESCAPE, "y", ESCAPE, "y", ESCAPE] {
            self.send(event);
            self.all_shown();
        }
        // In an explanation letters search: it is left step by step.
        while self.screen.text().contains("Esc back") {
            self.send(ESCAPE);
        }
        while self.screen.text().contains("Esc dismisses: ") {
            self.send(ESCAPE);
        }
    }

    /// Opens the help and closes it: a screen that has stopped following would show neither.
    pub fn probe(&mut self) {
        self.settle();
        self.type_keys("?");
        self.screen.wait_for(" Keys: ");
        self.send(ESCAPE);
        self.screen
            .wait_until("the help closed", |screen| !screen.contains(" Keys: "));
        self.probes += 1;
    }

    /// Gives the window another size and waits for the program to draw for it.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.screen.resize(cols, rows);
        self.sent += 1;
        self.resizes += 1;
        self.all_shown();
    }

    /// Waits on the Train screen for the end of the run, which the keys may have paused.
    pub fn run_ended(&mut self) -> Ended {
        loop {
            self.settle();
            self.type_keys("2");
            self.screen
                .wait_until("the end of the run, or a pause", |screen| {
                    ["● done", "● stopped", "● paused"]
                        .iter()
                        .any(|phase| screen.contains(phase))
                });
            let text = self.screen.text();
            if text.contains("● paused") {
                self.type_keys(" ");
                self.screen
                    .wait_until("the run going on", |screen| !screen.contains("● paused"));
                continue;
            }
            return Ended {
                stopped: text.contains("● stopped"),
                epochs: epochs_shown(&text),
            };
        }
    }
}

/// The number before `/` behind the gauge of the run.
fn epochs_shown(screen: &str) -> usize {
    let line = screen.lines().find_map(|line| line.split(" run ").nth(1));
    let before = line.and_then(|line| line.split('/').next());
    let number = before.map(|text| text.trim_start_matches(['━', '─', ' ']));
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("no count of epochs on the screen\n{screen}"))
}
