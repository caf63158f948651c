//! Making a data set of a user's pictures, on a thread of its own: first they are looked at, then written.

use super::caught::caught;
use crate::data::import::{ImportError, Prepared, prepare};
use crate::text::shown_path;
use crate::tui::effect::ImportOrder;
use crate::tui::message::{Answer, ImportNews, Message};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Time between two reports of how far it is.
const BETWEEN_REPORTS: Duration = Duration::from_millis(100);

/// The import under way. Dropping this stops it, and waits until nothing is left of it.
#[derive(Debug)]
pub struct Importing {
    cancel: Arc<AtomicBool>,
    /// Told when the images are to be written.
    write: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Importing {
    /// Starts the thread; what it has to say is sent as messages.
    pub fn start(order: ImportOrder, outbox: Sender<Message>) -> Self {
        let cancel = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&cancel);
        let (write, written) = channel();
        let thread = std::thread::spawn(move || {
            let tell = |news| {
                // An error means that the loop has ended: the message has no reader.
                let _ = outbox.send(Message::Answer(Answer::Import(news)));
            };
            let outcome = caught("while importing", || run(&order, &stop, &written, &tell));
            if let Some(news) = outcome.unwrap_or_else(|error| Some(ImportNews::Failed(error))) {
                tell(news);
            }
        });
        Self {
            cancel,
            write: Some(write),
            thread: Some(thread),
        }
    }

    /// Stops it, and drops what was looked at; does not wait for that.
    pub fn stop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
        self.write = None;
    }

    /// Whether nothing is done any more.
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Writes what was looked at.
    pub fn write(&self) {
        if let Some(write) = &self.write {
            // An error means that the thread has ended, and has said why.
            let _ = write.send(());
        }
    }
}

impl Drop for Importing {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // A panic was reported as a message.
            let _ = thread.join();
        }
    }
}

/// None where it was called off after the images were looked at.
fn run(
    order: &ImportOrder,
    cancel: &AtomicBool,
    write: &Receiver<()>,
    tell: &(dyn Fn(ImportNews) + Sync),
) -> Option<ImportNews> {
    let told = Mutex::new(None::<Instant>);
    let report = |event| {
        let Ok(mut told) = told.lock() else { return };
        if told.is_none_or(|told| told.elapsed() >= BETWEEN_REPORTS) {
            *told = Some(Instant::now());
            tell(ImportNews::At(event));
        }
    };
    let ended = |error| match error {
        ImportError::Cancelled => ImportNews::Stopped,
        error => ImportNews::Failed(error.to_string()),
    };
    let prepared = match prepare(&order.source, &order.to, &order.options, cancel, &report) {
        Ok(prepared) => prepared,
        Err(error) => return Some(ended(error)),
    };
    tell(ImportNews::Prepared {
        dataset: Arc::new(prepared.dataset(&order.to)),
        about: about(&prepared),
    });
    write.recv().ok()?;
    Some(match prepared.write(cancel, &report) {
        Ok(_) => ImportNews::Done(order.to.clone()),
        Err(error) => ended(error),
    })
}

/// What was done to the pictures, a sentence each.
fn about(prepared: &Prepared) -> Vec<String> {
    let imported = prepared.imported();
    let mut about = vec![format!("{}: {}", imported.source, imported.format)];
    about.push(match imported.inverted {
        true => "dark and light are exchanged".into(),
        false => "dark and light are as they were".into(),
    });
    if let Some(split) = imported.split {
        about.push(format!("{split} of each class is held out to test with"));
    }
    about.extend(imported.notes.iter().cloned());
    if let Some(first) = imported.skipped_pictures.first() {
        let count = imported.skipped;
        about.push(format!(
            "{count} pictures cannot be used, the first {}: {}",
            shown_path(first.file.as_ref()),
            first.reason
        ));
    }
    about
}
