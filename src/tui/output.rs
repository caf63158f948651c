//! Output to a terminal that may be slow: a thread of its own writes it, so that keys are never waited with.

use super::message::Message;
use std::io::{Error, ErrorKind, Result, Write};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes written at once: half a second of a line of 1.2 kB/s, after which the rest can be called off.
const PIECE: usize = 512;
/// How long to wait for the writing thread after its output was called off.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is drawn, on its way to a terminal. Clones write to the same one.
#[derive(Clone, Debug)]
pub struct Output {
    shared: Arc<Shared>,
    /// Of the frame that is being drawn.
    unfinished: Vec<u8>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// What is not handed to the terminal yet.
    waiting: Vec<u8>,
    /// Whether a piece is being written.
    is_writing: bool,
    /// Why nothing can be written any more.
    failed: Option<ErrorKind>,
}

impl Output {
    /// Writes to `terminal`; each time all is written, it sends a message.
    pub fn to(mut terminal: impl Write + Send + 'static, outbox: Sender<Message>) -> Self {
        let shared = Arc::new(Shared::default());
        let writer = Arc::clone(&shared);
        std::thread::spawn(move || {
            while let Some(piece) = writer.next_piece() {
                let written = terminal.write_all(&piece).and_then(|()| terminal.flush());
                let is_all = writer.wrote(written);
                // An error means that the loop has ended.
                if is_all && outbox.send(Message::Written).is_err() {
                    break;
                }
            }
        });
        Self {
            shared,
            unfinished: Vec::new(),
        }
    }

    /// Whether the last frame is still on its way.
    pub fn is_busy(&self) -> bool {
        let state = self.shared.lock();
        state.is_writing || !state.waiting.is_empty()
    }

    /// Calls off what is not written yet, also what the system holds back for a slow line.
    pub fn call_off(&self) {
        let mut state = self.shared.lock();
        state.waiting.clear();
        discard_held_back();
        while state.is_writing {
            let waited = self.shared.changed.wait_timeout(state, PATIENCE);
            let (now, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            state = now;
            if waited.timed_out() {
                break;
            }
        }
        // The last piece may have come to it meanwhile.
        discard_held_back();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing here panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to write; nothing once that has failed.
    fn next_piece(&self) -> Option<Vec<u8>> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        if state.failed.is_some() {
            return None;
        }
        state.is_writing = true;
        let length = state.waiting.len().min(PIECE);
        Some(state.waiting.drain(..length).collect())
    }

    /// Takes how writing a piece went; returns whether all is written.
    fn wrote(&self, outcome: Result<()>) -> bool {
        let mut state = self.lock();
        state.is_writing = false;
        state.failed = outcome.err().map(|error| error.kind());
        let is_all = state.waiting.is_empty() || state.failed.is_some();
        drop(state);
        self.changed.notify_all();
        is_all
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.unfinished.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        let mut state = self.shared.lock();
        if let Some(kind) = state.failed {
            return Err(Error::from(kind));
        }
        state.waiting.append(&mut self.unfinished);
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }
}

/// Drops what the system has taken for the terminal and not sent yet.
fn discard_held_back() {
    #[cfg(unix)]
    {
        use rustix::termios::{QueueSelector, tcflush};
        // Fails where stdout is no terminal, or is gone: nothing is held back then.
        let _ = tcflush(std::io::stdout(), QueueSelector::OFlush);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// A line that is slow until it is told to be fast.
    struct Slow(std::sync::mpsc::Receiver<()>, Sender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            self.0
                .recv()
                .map_err(|_| Error::from(ErrorKind::BrokenPipe))?;
            self.1.send(bytes.to_vec()).unwrap();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_slow_line_is_waited_for_elsewhere_and_what_it_has_not_taken_can_be_called_off() {
        let (go, held) = channel();
        let (sent, seen) = channel();
        let (outbox, inbox) = channel();
        let mut output = Output::to(Slow(held, sent), outbox);
        output.write_all(&[b'a'; PIECE]).unwrap();
        assert!(!output.is_busy());
        output.flush().unwrap();
        assert!(output.is_busy());
        go.send(()).unwrap();
        assert!(matches!(inbox.recv(), Ok(Message::Written)));
        assert!(!output.is_busy());
        output.write_all(&[b'b'; 3 * PIECE]).unwrap();
        output.flush().unwrap();
        go.send(()).unwrap();
        assert_eq!(seen.recv().unwrap(), [b'a'; PIECE]);
        assert_eq!(seen.recv().unwrap(), [b'b'; PIECE]);
        let calling_off = output.clone();
        let called_off = std::thread::spawn(move || calling_off.call_off());
        std::thread::sleep(Duration::from_millis(50));
        go.send(()).unwrap();
        called_off.join().unwrap();
        assert!(matches!(inbox.recv(), Ok(Message::Written)));
        assert!(!output.is_busy());
        assert_eq!(seen.try_iter().count(), 1);
    }

    #[test]
    fn a_terminal_that_is_gone_is_an_error_of_the_next_frame() {
        let (go, held) = channel();
        let (sent, _seen) = channel();
        let (outbox, inbox) = channel();
        let mut output = Output::to(Slow(held, sent), outbox);
        drop(go);
        output.write_all(b"a").unwrap();
        output.flush().unwrap();
        assert!(matches!(inbox.recv(), Ok(Message::Written)));
        assert!(output.flush().is_err());
    }
}
