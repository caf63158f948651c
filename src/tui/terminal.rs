//! The real terminal: set up for the app, and restored however the app ends.

use super::app::App;
use super::effect::Effect;
use super::event_loop::{LoopOptions, run_loop};
use super::message::{AblationNews, Answer, Message, SweepNews};
use super::services::Services;
use super::theme::{Depth, Palette, Theme};
use crate::explain::lesson::Lesson;
use crate::runs::{StartedWith, resume_command};
use crate::text::quoted;
use crate::train::Event;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend};
use std::io::{IsTerminal, Stdout, Write, stdout};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

/// How the app is started.
#[derive(Debug, Default)]
pub struct Options {
    /// The folder of the data, if the user named one.
    pub data: Option<PathBuf>,
    /// Threads for the arithmetic.
    pub threads: Option<usize>,
    /// The set of colours.
    pub palette: Palette,
    /// Only characters of ASCII.
    pub ascii: bool,
    /// Where to write how long keys took to show.
    pub latency_log: Option<PathBuf>,
    /// The lesson to begin with; `Some(None)` lets the user choose one.
    pub learn: Option<Option<Lesson>>,
}

/// Why the app cannot run.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// Output goes to a file or a pipe.
    #[error(
        "the app needs a terminal; without one, use `fmnist-tui train --preset tiny` \
         (`fmnist-tui --help` lists all commands)"
    )]
    NoTerminal,
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] std::io::Error),
    /// The latency log cannot be written.
    #[error("{path}: cannot write the log: {source}")]
    Log {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Runs the app until it is left.
///
/// # Errors
/// When there is no terminal, or it fails.
pub fn run(options: Options) -> Result<(), TuiError> {
    if !stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(TuiError::NoTerminal);
    }
    let mut loop_options = LoopOptions::default();
    if let Some(path) = &options.latency_log {
        let file = std::fs::File::create(path).map_err(|source| TuiError::Log {
            path: crate::text::escape_controls(&path.display().to_string()),
            source,
        })?;
        loop_options.latency_log = Some(file);
    }
    let theme = Theme {
        palette: options.palette,
        depth: depth(),
        ascii: options.ascii,
    };
    let (outbox, inbox) = channel();
    let started = StartedWith {
        data: options.data.clone(),
        threads: options.threads,
        ..StartedWith::default()
    };
    let mut services = Services::start(outbox.clone(), options.data, options.threads);
    let mut app = App::new(theme);
    if let Some(lesson) = options.learn {
        app.learn(lesson);
    }
    let guard = Guard::enter()?;
    let mut terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
    listen(outbox);
    let mut perform = |effect: Effect, terminal: &mut Terminal<CrosstermBackend<Stdout>>| {
        match effect {
            Effect::Quit => return false,
            Effect::Suspend => suspend(terminal),
            effect => services.perform(effect),
        }
        true
    };
    let outcome = run_loop(
        &mut terminal,
        &mut app,
        &inbox,
        &mut perform,
        &mut loop_options,
    );
    drop(guard);
    // Waits until a run under way has been saved.
    drop(services);
    let last_words = last_words(&app, &inbox, &started);
    for line in last_words {
        // An error means that the terminal is gone: nothing can be printed.
        let _ = writeln!(stdout(), "{line}");
    }
    Ok(outcome?)
}

/// How to go on with what leaving has stopped: a run, or a series of runs.
fn last_words(app: &App, inbox: &Receiver<Message>, started: &StartedWith) -> Vec<String> {
    let said = |message: Message| match message {
        Message::Run(id, event) if id == app.last_run() && app.shared.is_training() => match *event
        {
            Event::Done(summary) if summary.stopped_early && summary.unsaved.is_none() => {
                let command = resume_command(&summary.folder?, started);
                Some(format!("the run is saved; to go on: {command}"))
            }
            _ => None,
        },
        Message::Answer(Answer::Ablation(AblationNews::Ended { folder, done, runs }))
            if done < runs =>
        {
            let folder = quoted(&folder.display().to_string());
            Some(format!(
                "{done} of {runs} runs of the ablation are trained; A on Design goes on with the same choice, and \
                 fmnist-tui ablate --table {folder} prints what is known"
            ))
        }
        Message::Answer(Answer::Sweep(SweepNews::Ended {
            folder,
            ended,
            runs,
        })) if ended < runs => {
            let folder = quoted(&folder.display().to_string());
            Some(format!(
                "{ended} of {runs} runs of the sweep have ended; V on Design goes on with the same settings, and \
                 fmnist-tui sweep --table {folder} prints what is known"
            ))
        }
        _ => None,
    };
    inbox.try_iter().filter_map(said).collect()
}

/// Raw mode and the alternate screen, for as long as this lives; a panic restores the terminal too.
struct Guard;

impl Guard {
    fn enter() -> std::io::Result<Self> {
        enable_raw_mode()?;
        let guard = Self;
        execute!(
            stdout(),
            EnterAlternateScreen,
            EnableMouseCapture,
            EnableBracketedPaste,
            cursor::Hide
        )?;
        Ok(guard)
    }

    fn leave() {
        // An error means that the terminal is gone: nothing can be printed.
        let _ = execute!(
            stdout(),
            DisableBracketedPaste,
            DisableMouseCapture,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = disable_raw_mode();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        Self::leave();
    }
}

/// Sends keys and signals to the loop, from threads of their own.
fn listen(outbox: Sender<Message>) {
    let signals = outbox.clone();
    #[cfg(unix)]
    watch_for_hangup(outbox.clone());
    std::thread::spawn(move || {
        while let Ok(event) = crossterm::event::read() {
            if outbox
                .send(Message::Terminal(event, Instant::now()))
                .is_err()
            {
                break;
            }
        }
        // Without a keyboard the app could not be left. An error means that the loop has ended.
        let _ = outbox.send(Message::Terminate);
    });
    #[cfg(unix)]
    std::thread::spawn(move || {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        if let Ok(mut caught) = signal_hook::iterator::Signals::new([SIGTERM, SIGINT, SIGHUP])
            && caught.forever().next().is_some()
        {
            // An error means that the loop has ended.
            let _ = signals.send(Message::Terminate);
        }
    });
    #[cfg(not(unix))]
    drop(signals);
}

/// Ends the app when the terminal goes away: a process that it does not control gets no SIGHUP, and
/// crossterm would read from it for ever, at full load.
#[cfg(unix)]
fn watch_for_hangup(outbox: Sender<Message>) {
    use rustix::event::{PollFd, PollFlags, poll};
    std::thread::spawn(move || {
        let keyboard = std::io::stdin();
        let mut watched = [PollFd::new(&keyboard, PollFlags::empty())];
        loop {
            match poll(&mut watched, None) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(_) if watched[0].revents().contains(PollFlags::HUP) => {
                    // An error means that the loop has ended.
                    let _ = outbox.send(Message::Terminate);
                    break;
                }
                // Some systems cannot watch a terminal.
                Ok(_) | Err(_) => break,
            }
        }
    });
}

/// Restores the terminal, stops the process until it is continued, and sets the terminal up again.
fn suspend<B: Backend>(terminal: &mut Terminal<B>) {
    #[cfg(unix)]
    {
        Guard::leave();
        // Returns when the shell continues the process.
        let stopped = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
        if let Err(error) = stopped {
            tracing::error!(%error, "could not suspend");
        }
        if let Ok(guard) = Guard::enter() {
            // The first guard still lives and restores the terminal at the end.
            std::mem::forget(guard);
        }
    }
    // The screen is blank now, and so must be what the next frame is compared with. `clear` would ask
    // the terminal for the cursor's position, and the thread that reads keys would swallow the answer.
    terminal.swap_buffers();
}

/// What the environment says about the terminal's colours.
pub fn depth() -> Depth {
    let variable = |name| std::env::var(name).unwrap_or_default();
    if !variable("NO_COLOR").is_empty() {
        return Depth::None;
    }
    let (color, term) = (variable("COLORTERM"), variable("TERM"));
    if color.contains("truecolor") || color.contains("24bit") || term.contains("direct") {
        Depth::True
    } else if term.contains("256color") || term.contains("kitty") {
        Depth::Indexed
    } else if term == "dumb" {
        Depth::None
    } else {
        Depth::Basic
    }
}
