//! A run's curves for TensorBoard, written while it trains.

use crate::export::ExportError;
use crate::export::tensorboard::{LiveLog, event_file};
use crate::train::Event;
use std::error::Error as _;
use std::path::PathBuf;

/// Writes a run's epochs into an event file as they come. A failure to write does not end the run.
pub struct Board {
    folder: PathBuf,
    /// The run's name if it has no folder of its own.
    name: String,
    log: Option<LiveLog>,
    /// Whether the last attempt failed; that was reported then.
    failing: bool,
}

impl Board {
    /// A log below `folder`; a run without a run folder is called `name`.
    pub fn new(folder: PathBuf, name: &str) -> Self {
        Self {
            folder,
            name: name.to_owned(),
            log: None,
            failing: false,
        }
    }

    /// Writes an event's numbers. Returns a message when writing begins to fail.
    pub fn follow(&mut self, event: &Event) -> Option<String> {
        let outcome = match event {
            Event::Started(start) => {
                let done = start.resumed.as_ref();
                let done = done.map_or(&[][..], |resumed| resumed.epochs.as_slice());
                event_file(&self.folder, start.folder.as_deref(), &self.name)
                    .and_then(|path| LiveLog::open(path, done))
                    .map(|log| self.log = Some(log))
            }
            Event::Epoch { metrics, .. } => match &mut self.log {
                Some(log) => log.add(metrics),
                None => return None,
            },
            Event::Layers(layers) => match &mut self.log {
                Some(log) => log.add_layers(layers),
                None => return None,
            },
            _ => return None,
        };
        let failed_before = std::mem::replace(&mut self.failing, outcome.is_err());
        match outcome {
            Err(error) if !failed_before => Some(problem(&error, self.log.is_some())),
            _ => None,
        }
    }
}

fn problem(error: &ExportError, goes_on: bool) -> String {
    let cause = error
        .source()
        .map_or(String::new(), |cause| format!(": {cause}"));
    let then = if goes_on {
        "the run goes on, and what is missing follows after the next epoch"
    } else {
        "the run goes on without; afterwards `fmnist-tui export RUN --tensorboard DIR` writes it"
    };
    format!("nothing for TensorBoard: {error}{cause}; {then}")
}
