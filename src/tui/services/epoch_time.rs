//! How long an epoch of the designed network would take: measured on a thread of its own, when the network
//! has not been changed for a moment.

use super::caught::caught;
use super::current_data::CurrentData;
use crate::spec::CheckedSpec;
use crate::train::{EpochTime, predict_epoch};
use crate::tui::message::{Answer, Message};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Time without another question before one is worked on.
const STILL: Duration = Duration::from_millis(500);

/// A network, and the number of the question.
type Question = (Box<CheckedSpec>, u64);

/// The thread that measures. It ends when this is dropped.
#[derive(Debug)]
pub struct EpochTimer {
    questions: Sender<Question>,
    /// Number of the question that is still wanted.
    wanted: Arc<AtomicU64>,
}

impl EpochTimer {
    /// Starts the thread; answers are sent as messages.
    pub fn start(outbox: Sender<Message>, dataset: CurrentData, threads: Option<usize>) -> Self {
        let (questions, queue) = channel();
        let wanted = Arc::new(AtomicU64::new(0));
        let latest = Arc::clone(&wanted);
        std::thread::spawn(move || {
            while let Some((spec, number)) = next(&queue) {
                let is_wanted = || latest.load(Ordering::Relaxed) == number;
                // Without data there is no epoch.
                let Ok(dataset) = dataset.get() else { continue };
                let measure = || predict_epoch(&spec, &dataset, threads, &is_wanted);
                let time = match caught("while timing the network", measure) {
                    Ok(Ok(None)) => continue,
                    Ok(Ok(Some(time))) => time,
                    Ok(Err(error)) => {
                        tracing::warn!(%error, "the network could not be timed");
                        EpochTime::Unfit
                    }
                    Err(error) => {
                        tracing::error!(%error);
                        EpochTime::Unfit
                    }
                };
                let answer = Answer::EpochTime {
                    spec,
                    dataset,
                    time,
                };
                if outbox.send(Message::Answer(answer)).is_err() {
                    break;
                }
            }
        });
        Self { questions, wanted }
    }

    /// Asks for the time of this network; questions before are dropped.
    pub fn ask(&self, spec: Box<CheckedSpec>) {
        let number = self.wanted.fetch_add(1, Ordering::Relaxed) + 1;
        // An error means that the thread has ended: then there are no times.
        let _ = self.questions.send((spec, number));
    }

    /// Drops all questions, one that is being worked on too.
    pub fn stop(&self) {
        self.wanted.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for EpochTimer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The last question, once no other has come for a moment; none when there will be no more.
fn next(queue: &Receiver<Question>) -> Option<Question> {
    let mut question = queue.recv().ok()?;
    loop {
        match queue.recv_timeout(STILL) {
            Ok(newer) => question = newer,
            Err(RecvTimeoutError::Timeout) => return Some(question),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::spec::preset;

    #[test]
    fn the_last_question_is_answered_and_those_dropped_are_not() {
        let (outbox, inbox) = channel();
        let dataset = CurrentData::default();
        dataset.set(Arc::new(Dataset::sample().unwrap()));
        let timer = EpochTimer::start(outbox, dataset, Some(1));
        let spec = |name: &str| Box::new(preset(name).unwrap());
        timer.ask(spec("best"));
        timer.ask(spec("tiny"));
        let answered = inbox.recv().unwrap();
        let Message::Answer(Answer::EpochTime { spec: of, time, .. }) = answered else {
            panic!("{answered:?}");
        };
        assert_eq!(of.name, "tiny");
        assert!(matches!(time, EpochTime::Seconds(seconds) if seconds > 0.0));
        timer.ask(spec("tiny"));
        timer.stop();
        timer.ask(spec("lenet5"));
        let answered = inbox.recv().unwrap();
        assert!(
            matches!(&answered, Message::Answer(Answer::EpochTime { spec, .. }) if spec.name == "lenet5"),
            "{answered:?}"
        );
    }
}
