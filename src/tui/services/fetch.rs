//! The fetch of the real data, on a thread of its own.

use super::caught::caught;
use crate::data::fetch::{FetchError, FetchOptions, fetch};
use crate::data::{self, catalog};
use crate::tui::message::{Answer, FetchNews, Message};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

/// The fetch under way, if there is one. Dropping this stops it.
#[derive(Debug, Default)]
pub struct Fetching {
    cancel: Arc<AtomicBool>,
}

impl Fetching {
    /// Starts the fetch; its progress is sent as messages.
    pub fn start(outbox: Sender<Message>) -> Self {
        let cancel = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&cancel);
        std::thread::spawn(move || {
            let tell = |news| {
                // An error means that the loop has ended: the message has no reader.
                let _ = outbox.send(Message::Answer(Answer::Fetch(news)));
            };
            let outcome = caught("while fetching", || run(&stop, &tell));
            tell(outcome.unwrap_or_else(FetchNews::Failed));
        });
        Self { cancel }
    }

    /// Stops the fetch; a message follows when it has stopped.
    pub fn stop(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(cancel: &AtomicBool, tell: &(dyn Fn(FetchNews) + Sync)) -> FetchNews {
    let set = catalog::fashion_mnist();
    let Some(dir) = data::user_folder(&set.name) else {
        return FetchNews::Failed(
            "the system names no folder for user data; `fmnist-tui data fetch --to DIR` needs none"
                .into(),
        );
    };
    let options = FetchOptions::new(&dir);
    let outcome = fetch(&set, &options, cancel, &|event| {
        tell(FetchNews::Event(event))
    });
    match outcome {
        Ok(()) => FetchNews::Done(dir),
        Err(FetchError::Cancelled) => FetchNews::Stopped,
        Err(error) => FetchNews::Failed(error.to_string()),
    }
}
