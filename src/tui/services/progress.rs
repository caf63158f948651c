//! How far a series of runs is, and how fast.

use crate::sweep::{Sweep, SweepEvent};
use crate::tui::message::RunsProgress;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Time between two reports of how far it is.
const BETWEEN_REPORTS: Duration = Duration::from_millis(200);
/// Before this time the speed does not tell how long the rest takes.
const WARM_UP: Duration = Duration::from_secs(3);

/// How far a series of runs is, and how fast.
pub struct Progress<'a> {
    sweep: &'a Sweep,
    now: RunsProgress,
    /// Epochs that the runs have which have not ended, with the share of the one under way.
    epochs: HashMap<usize, f64>,
    /// Epochs of those that have ended, which count as whole.
    ended: f64,
    /// Epochs of all runs.
    all: f64,
    /// Epochs trained by this process.
    trained: f64,
    begun: Instant,
    told: Option<Instant>,
}

impl<'a> Progress<'a> {
    /// At the beginning.
    pub fn new(sweep: &'a Sweep) -> Self {
        let members = sweep.members.iter();
        Self {
            sweep,
            now: RunsProgress {
                runs: sweep.members.len(),
                ..RunsProgress::default()
            },
            epochs: HashMap::new(),
            ended: 0.0,
            all: members.map(|member| member.spec.epochs as f64).sum(),
            trained: 0.0,
            begun: Instant::now(),
            told: None,
        }
    }

    /// Takes an event; gives what is to be told, at most a few times a second between two runs.
    pub fn observe(&mut self, event: &SweepEvent) -> Option<RunsProgress> {
        match event {
            SweepEvent::Started(index, start) => {
                self.now.label.clone_from(&self.sweep.members[*index].label);
                let before = start.resumed.as_ref();
                let before = before.map_or(0.0, |resumed| resumed.epochs.len() as f64);
                self.epochs.insert(*index, before);
            }
            SweepEvent::Batch(index, batch) => {
                let share = batch.batch as f64 / batch.batches.max(1) as f64;
                let known = self.epochs.entry(*index).or_default();
                let epochs = (batch.epoch as f64 - 1.0 + share).max(*known);
                self.trained += epochs - *known;
                *known = epochs;
                if self
                    .told
                    .is_some_and(|told| told.elapsed() < BETWEEN_REPORTS)
                {
                    return None;
                }
            }
            SweepEvent::Ended(index, _) => {
                self.now.ended += 1;
                self.epochs.remove(index);
                self.ended += self.sweep.members[*index].spec.epochs as f64;
            }
            SweepEvent::Epoch(..) | SweepEvent::AtRung(..) | SweepEvent::Note(..) => return None,
        }
        self.told = Some(Instant::now());
        let done = self.ended + self.epochs.values().sum::<f64>();
        self.now.share = (done / self.all.max(1.0)).clamp(0.0, 1.0);
        let elapsed = self.begun.elapsed();
        let speed = self.trained / elapsed.as_secs_f64().max(1e-9);
        let is_known = elapsed > WARM_UP && speed > 0.0;
        self.now.seconds_left = is_known.then(|| (self.all - done).max(0.0) / speed);
        Some(self.now.clone())
    }
}
