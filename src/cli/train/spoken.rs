//! What is said of an epoch under way where no bars are drawn.

use crate::train::BatchReport;
use std::time::{Duration, Instant};

/// More often than this nobody wants to be read a line.
const PAUSE: Duration = Duration::from_secs(30);

/// Says now and then how far an epoch is.
#[derive(Debug)]
pub struct Spoken {
    last: Instant,
}

impl Spoken {
    /// Nothing is said for a while.
    pub fn new() -> Self {
        Self {
            last: Instant::now(),
        }
    }

    /// Something else was said.
    pub fn pause(&mut self) {
        self.last = Instant::now();
    }

    /// A line on the epoch, if it is time for one.
    pub fn of(&mut self, batch: &BatchReport, epochs: usize) -> Option<String> {
        self.of_at(batch, epochs, Instant::now())
    }

    fn of_at(&mut self, batch: &BatchReport, epochs: usize, now: Instant) -> Option<String> {
        if now.saturating_duration_since(self.last) < PAUSE {
            return None;
        }
        self.last = now;
        Some(format!(
            "Epoch {}/{epochs}: {:.0} % done, loss {:.4}, accuracy {:.2}",
            batch.epoch,
            batch.batch as f64 / batch.batches.max(1) as f64 * 100.0,
            batch.loss,
            batch.accuracy
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_epoch_is_spoken_of_twice_a_minute() {
        let batch = BatchReport {
            epoch: 3,
            batch: 30,
            batches: 120,
            loss: 0.5,
            accuracy: 0.875,
            learning_rate: 0.1,
            images: 0,
            seconds: 0.0,
        };
        let mut spoken = Spoken::new();
        let begin = spoken.last;
        let mut after = |seconds| spoken.of_at(&batch, 10, begin + Duration::from_secs(seconds));
        assert_eq!(after(29), None);
        let line = "Epoch 3/10: 25 % done, loss 0.5000, accuracy 0.88";
        assert_eq!(after(31).as_deref(), Some(line));
        assert_eq!(after(60), None);
        assert!(after(61).is_some());
    }
}
