//! The real terminal: set up for the app, and restored however the app ends.

use super::app::App;
use super::effect::Effect;
use super::event_loop::{LoopOptions, run_loop};
use super::kept_design::KeptDesign;
use super::keys::Keymap;
use super::message::{AblationNews, Answer, Message, SweepNews};
use super::output::Output;
use super::services::Services;
use super::theme::{Depth, Palette, Theme};
use crate::explain::lesson::Lesson;
use crate::fs::user_state_folder;
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
use std::io::{IsTerminal, Write, stdout};
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
    /// How many colours the terminal shows; the environment says it where this does not.
    pub depth: Option<Depth>,
    /// Only characters of ASCII.
    pub ascii: bool,
    /// The user's keys.
    pub keymap: Option<&'static Keymap>,
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
    /// The terminal says that it can print lines and nothing else.
    #[error(
        "this terminal cannot be drawn on (TERM=dumb); use `fmnist-tui train --preset tiny`, or set TERM \
         to what it really is, such as xterm-256color"
    )]
    Dumb,
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
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(TuiError::Dumb);
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
        depth: options.depth.unwrap_or_else(depth),
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
    if let Some(keymap) = options.keymap {
        app.keymap = keymap;
    }
    if let Some(folder) = user_state_folder() {
        app.keep_from(KeptDesign::read(&folder));
        services.keep_designs_in(folder);
    }
    match options.learn {
        Some(lesson) => app.learn(lesson),
        None => {
            for effect in app.welcome() {
                services.perform(effect);
            }
        }
    }
    let output = Output::to(stdout(), outbox.clone());
    loop_options.output = Some(output.clone());
    let guard = Guard::enter(output.clone())?;
    let mut terminal = Terminal::new(CrosstermBackend::new(output.clone()))?;
    listen(outbox);
    // The signal that the process goes on comes after it was stopped here too.
    let mut is_restored = false;
    let mut perform = |effect: Effect, terminal: &mut Terminal<CrosstermBackend<Output>>| {
        match effect {
            Effect::Quit => return false,
            Effect::Suspend => {
                suspend(&output);
                restore(terminal);
                is_restored = true;
            }
            Effect::Restore if std::mem::take(&mut is_restored) => {}
            Effect::Restore => {
                leave(&output);
                restore(terminal);
            }
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
                "{ended} of {runs} runs of the sweep have ended; W on Design goes on with the same settings, and \
                 fmnist-tui sweep --table {folder} prints what is known"
            ))
        }
        _ => None,
    };
    inbox.try_iter().filter_map(said).collect()
}

/// Raw mode and the alternate screen, for as long as this lives; a panic restores the terminal too.
struct Guard(Output);

impl Guard {
    fn enter(output: Output) -> std::io::Result<Self> {
        let guard = Self(output);
        enter()?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave(&self.0);
    }
}

fn enter() -> std::io::Result<()> {
    enable_raw_mode()?;
    execute!(
        stdout(),
        EnterAlternateScreen,
        EnableMouseCapture,
        EnableBracketedPaste,
        cursor::Hide
    )
}

/// Gives the terminal back as it was; what was being drawn is called off.
fn leave(output: &Output) {
    output.call_off();
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
        use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
        let all = [SIGTERM, SIGINT, SIGHUP, SIGTSTP, SIGCONT];
        let Ok(mut caught) = signal_hook::iterator::Signals::new(all) else {
            return;
        };
        for signal in caught.forever() {
            let message = match signal {
                SIGTSTP => Message::Suspend,
                SIGCONT => Message::Continued,
                _ => Message::Terminate,
            };
            // An error means that the loop has ended.
            if signals.send(message).is_err() {
                break;
            }
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

/// Gives the terminal back and stops the process until it is continued.
fn suspend(output: &Output) {
    leave(output);
    #[cfg(unix)]
    {
        // Returns when the shell continues the process.
        let stopped = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
        if let Err(error) = stopped {
            tracing::error!(%error, "could not suspend");
        }
    }
}

/// Sets the terminal up again, to be drawn afresh.
fn restore<B: Backend>(terminal: &mut Terminal<B>) {
    if let Err(error) = enter() {
        tracing::error!(%error, "could not set the terminal up again");
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
