//! Waits for keys, the run and the services; draws when something changed.

use super::app::App;
use super::effect::Effect;
use super::message::Message;
use super::output::Output;
use ratatui::Terminal;
use ratatui::backend::Backend;
use std::io::Write;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// Time between two frames that show only news of the run: short enough to look live, long enough to
/// leave the processor to the training.
const FRAME: Duration = Duration::from_millis(40);
/// Time between two frames after keys: 60 a second.
const KEY_FRAME: Duration = Duration::from_millis(16);

/// How the loop runs.
#[derive(Debug, Default)]
pub struct LoopOptions {
    /// Where to write, for every key, the milliseconds from reading it to the frame that shows what
    /// it did.
    pub latency_log: Option<std::fs::File>,
    /// Where frames go, if that may be slow: none is drawn while the one before is on its way.
    pub output: Option<Output>,
}

/// Runs until `perform` returns `false` for an effect, or all senders of messages are gone.
///
/// # Errors
/// When the terminal cannot be drawn to.
pub fn run_loop<B: Backend>(
    terminal: &mut Terminal<B>,
    app: &mut App,
    inbox: &Receiver<Message>,
    perform: &mut dyn FnMut(Effect, &mut Terminal<B>) -> bool,
    options: &mut LoopOptions,
) -> Result<(), B::Error> {
    terminal.draw(|frame| app.draw(frame))?;
    let mut drawn = Instant::now();
    // The keys since then, and whether there is something new to draw.
    let mut keys: Vec<Instant> = Vec::new();
    let mut is_due = false;
    while let Ok(first) = inbox.recv() {
        let mut next = Some(first);
        // All messages that arrive before the next frame is due are handled before it is drawn.
        while let Some(message) = next {
            match &message {
                Message::Terminal(_, read) => keys.push(*read),
                Message::Written if !is_due => break,
                _ => {}
            }
            is_due = true;
            for effect in app.receive(message) {
                if !perform(effect, terminal) {
                    return Ok(());
                }
            }
            let due = drawn + if keys.is_empty() { FRAME } else { KEY_FRAME };
            let left = due.saturating_duration_since(Instant::now());
            // Once it is due no further message is read, so that a flood of events cannot delay it.
            next = match left {
                Duration::ZERO => None,
                left => inbox.recv_timeout(left).ok(),
            };
        }
        let is_busy = options.output.as_ref().is_some_and(Output::is_busy);
        if !is_due || is_busy {
            continue;
        }
        terminal.draw(|frame| app.draw(frame))?;
        is_due = false;
        drawn = Instant::now();
        let keys = std::mem::take(&mut keys);
        if let Some(log) = &mut options.latency_log {
            for read in keys {
                // A log that cannot be written must not disturb the app.
                let _ = writeln!(log, "{:.3}", read.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    Ok(())
}
