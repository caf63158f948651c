//! Training in a thread of its own.

use super::{Command, Event, RunOptions, TrainError, run, with_threads};
use crate::data::Dataset;
use crate::spec::Spec;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// A run in a thread of its own. Dropping the sender of commands stops it at the next batch.
#[derive(Debug)]
pub struct Worker {
    /// Orders to the run.
    pub commands: Sender<Command>,
    /// What happens; the last one is `Done`, `Diverged` or `Failed`, then the channel closes.
    pub events: Receiver<Event>,
    /// The thread; it ends by itself with the run.
    pub handle: JoinHandle<()>,
}

impl Worker {
    /// Starts the run.
    ///
    /// # Errors
    /// When the system refuses a thread. Everything else that goes wrong is an [`Event`].
    pub fn spawn(
        spec: Spec,
        dataset: Arc<Dataset>,
        options: RunOptions,
    ) -> Result<Self, TrainError> {
        let (commands, orders) = channel();
        let (reports, events) = channel();
        let work = move || {
            let last_words = reports.clone();
            let trained = catch_unwind(AssertUnwindSafe(|| {
                with_threads(options.threads, move || {
                    // A listener that has gone away has also dropped the commands: the run stops.
                    let mut sink = |event| drop(reports.send(event));
                    run(&spec, &dataset, &options, &orders, &mut sink)
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
    use crate::spec::preset;

    fn spawn(epochs: usize) -> Worker {
        let mut dataset = Dataset::sample().unwrap();
        dataset.limit_train(128);
        let mut spec = preset("tiny").unwrap();
        spec.epochs = epochs;
        Worker::spawn(spec, Arc::new(dataset), RunOptions::default()).unwrap()
    }

    #[test]
    fn a_worker_trains_and_ends() {
        let worker = spawn(1);
        let events: Vec<Event> = worker.events.iter().collect();
        assert!(matches!(events.last(), Some(Event::Done(_))), "{events:?}");
        worker.handle.join().unwrap();
    }

    #[test]
    fn an_abandoned_worker_stops() {
        let worker = spawn(10_000);
        let handle = worker.handle;
        drop((worker.commands, worker.events));
        handle.join().unwrap();
    }

    #[test]
    fn what_panics_say_is_kept() {
        let panic = catch_unwind(|| std::panic::panic_any("odd".to_owned())).unwrap_err();
        assert_eq!(panic_text(&*panic), "odd");
    }
}
