//! The audit of the data, on a thread of its own.

use super::caught::caught;
use crate::data::Dataset;
use crate::insight::audit::{Checked, Findings, OutOfFold, SIMILAR, Step, Watch, usual_network};
use crate::train::with_threads;
use crate::tui::message::{Answer, AuditNews, Message};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time between two reports of how far it is.
const BETWEEN_REPORTS: Duration = Duration::from_millis(100);
/// Folds, each of which one network does not see.
const FOLDS: usize = 4;

/// The audit under way, if there is one. Dropping this stops it.
#[derive(Debug, Default)]
pub struct Auditing {
    cancel: Arc<AtomicBool>,
}

impl Auditing {
    /// Starts the audit; what it finds is sent as messages.
    pub fn start(
        outbox: Sender<Message>,
        dataset: Arc<Dataset>,
        with_labels: bool,
        threads: Option<usize>,
    ) -> Self {
        let cancel = Arc::new(AtomicBool::new(false));
        let watched = Watched {
            cancel: Arc::clone(&cancel),
            outbox,
            dataset,
            reported: Mutex::new(None),
        };
        std::thread::spawn(move || {
            let audit = || with_threads(threads, || watched.run(with_labels));
            let news = match caught("while auditing the data", audit) {
                Ok(Ok(news)) => news,
                Ok(Err(error)) => AuditNews::Failed(error.to_string()),
                Err(panic) => AuditNews::Failed(panic),
            };
            watched.tell(news);
        });
        Self { cancel }
    }

    /// Stops the audit; a message follows when it has stopped.
    pub fn stop(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl Drop for Auditing {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The audit as its thread has it.
struct Watched {
    cancel: Arc<AtomicBool>,
    outbox: Sender<Message>,
    dataset: Arc<Dataset>,
    /// When it was last said how far it is.
    reported: Mutex<Option<Instant>>,
}

impl Watched {
    fn tell(&self, news: AuditNews) {
        let answer = Answer::Audit(Arc::clone(&self.dataset), news);
        // An error means that the loop has ended: the message has no reader.
        let _ = self.outbox.send(Message::Answer(answer));
    }

    /// What is quick first; it is told at once. The last words are returned.
    fn run(&self, with_labels: bool) -> AuditNews {
        let dataset = &*self.dataset;
        let Some(checked) = Checked::new(dataset, SIMILAR, self) else {
            return AuditNews::Stopped;
        };
        let found = Findings::of(dataset, &checked, None);
        self.tell(AuditNews::Found(Arc::new(found), None));
        // Of a single class no label is wrong.
        let Some(spec) = usual_network(dataset).filter(|_| with_labels) else {
            return AuditNews::Done;
        };
        match OutOfFold::train(&spec, dataset, FOLDS, &checked, self) {
            Ok(Some(judged)) => {
                let labels = judged.labels(&spec, dataset, FOLDS);
                let found = Findings::of(dataset, &checked, Some(&labels));
                self.tell(AuditNews::Found(Arc::new(found), Some(Arc::new(labels))));
                AuditNews::Done
            }
            Ok(None) => AuditNews::Stopped,
            Err(error) => AuditNews::Failed(format!("the labels cannot be judged: {error}")),
        }
    }
}

impl Watch for Watched {
    fn at(&self, step: Step) {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.is_none_or(|at| at.elapsed() >= BETWEEN_REPORTS) {
            *reported = Some(Instant::now());
            self.tell(AuditNews::At(step));
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn news(with_labels: bool, stop_at_labels: bool) -> Vec<AuditNews> {
        let mut dataset = Dataset::sample().unwrap();
        dataset.limit_train(300);
        let (sender, receiver) = channel();
        let auditing = Auditing::start(sender, Arc::new(dataset), with_labels, Some(1));
        let mut all = Vec::new();
        for message in receiver {
            let Message::Answer(Answer::Audit(_, news)) = message else {
                continue;
            };
            if stop_at_labels && matches!(news, AuditNews::Found(..)) {
                auditing.stop();
            }
            all.push(news);
        }
        all
    }

    #[test]
    fn what_is_quick_is_told_first_and_the_labels_can_be_stopped() {
        let quick = news(false, false);
        let found = quick
            .iter()
            .filter(|news| matches!(news, AuditNews::Found(_, None)));
        assert_eq!(found.count(), 1, "{quick:?}");
        assert_eq!(quick.last(), Some(&AuditNews::Done));
        let stopped = news(true, true);
        assert_eq!(stopped.last(), Some(&AuditNews::Stopped));
        let judged = |news: &AuditNews| matches!(news, AuditNews::Found(_, Some(_)));
        assert!(!stopped.iter().any(judged), "{stopped:?}");
    }
}
