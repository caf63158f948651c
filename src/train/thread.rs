//! Training in a thread of its own.

use super::{Command, Event, RunSummary, TrainError, with_threads};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// A run in a thread of its own. Dropping the sender of commands stops it at the next batch.
#[derive(Debug)]
pub struct TrainingThread {
    /// Commands to the run.
    pub commands: Sender<Command>,
    /// What happens; the last one is `Done`, `Diverged` or `Failed`, then the channel closes.
    pub events: Receiver<Event>,
    /// The thread; it ends by itself with the run.
    pub handle: JoinHandle<()>,
}

impl TrainingThread {
    /// Starts `train` in a new thread, on a pool of `threads` threads (by default as many as can run at
    /// once). It gets the commands and the sink of events. When it returns an error other than a
    /// divergence, or panics, the last event is [`Event::Failed`].
    ///
    /// # Errors
    /// When the system refuses a thread. Everything else that goes wrong is an [`Event`].
    pub fn spawn(
        threads: Option<usize>,
        train: impl FnOnce(&Receiver<Command>, &mut dyn FnMut(Event)) -> Result<RunSummary, TrainError>
        + Send
        + 'static,
    ) -> Result<Self, TrainError> {
        let (commands, received) = channel();
        let (reports, events) = channel();
        let work = move || {
            let last_words = reports.clone();
            let trained = catch_unwind(AssertUnwindSafe(|| {
                with_threads(threads, move || {
                    // When the receiver is gone, so is the sender of commands: the run stops.
                    let mut sink = |event| drop(reports.send(event));
                    train(&received, &mut sink)
                })
            }));
            let failure = match trained {
                Ok(Ok(Ok(_) | Err(TrainError::Diverged(_)))) => return,
                Ok(Ok(Err(error)) | Err(error)) => error.to_string(),
                Err(panic) => format!("internal error in the training: {}", panic_text(&*panic)),
            };
            tracing::error!(%failure, "the run failed");
            drop(last_words.send(Event::Failed(failure)));
        };
        let handle = std::thread::Builder::new()
            .name("training".into())
            .spawn(work)
            .map_err(|error| TrainError::Threads(error.to_string()))?;
        Ok(Self {
            commands,
            events,
            handle,
        })
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it gave no reason".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_say_is_kept() {
        let panic = catch_unwind(|| std::panic::panic_any("odd".to_owned())).unwrap_err();
        assert_eq!(panic_text(&*panic), "odd");
    }
}
