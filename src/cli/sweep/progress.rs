//! The progress bar of a sweep: all its members together.

use crate::cli::progress::{TRAINING, bar, bars};
use crate::sweep::Sweep;
use crate::text::{duration, grouped};
use crate::train::{BatchReport, RunStart};
use indicatif::{MultiProgress, ProgressBar};
use std::collections::HashMap;
use std::time::Instant;

/// The speed is not shown before this many batches and seconds: it would not predict the rest.
const WARM_UP_BATCHES: usize = 10;
const WARM_UP_SECONDS: f64 = 3.0;

/// A bar below the lines. It is hidden unless stdout and stderr are a terminal, and cleared when
/// dropped.
pub struct SweepProgress {
    bars: MultiProgress,
    bar: ProgressBar,
    /// Images of all epochs of a member, of which it may not go through all.
    epoch_images: u64,
    /// Images of the members that have ended.
    ended: u64,
    /// Images of those under way.
    under_way: HashMap<usize, u64>,
    /// Images trained on in this process.
    trained: u64,
    batches: usize,
    begun: Instant,
    members: usize,
    members_ended: usize,
}

impl SweepProgress {
    /// A bar at its beginning, over `members` of the sweep.
    pub fn new(sweep: &Sweep, members: &[usize], train_images: usize) -> Self {
        let epoch_images = train_images as u64;
        let epochs = members
            .iter()
            .map(|index| sweep.members[*index].spec.epochs);
        let images = epochs.map(|epochs| epochs as u64 * epoch_images).sum();
        let bars = bars();
        let bar = bar(&bars, TRAINING, images);
        let progress = Self {
            bars,
            bar,
            epoch_images,
            ended: 0,
            under_way: HashMap::new(),
            trained: 0,
            batches: 0,
            begun: Instant::now(),
            members: members.len(),
            members_ended: 0,
        };
        progress.show();
        progress
    }

    /// A member begins or goes on.
    pub fn started(&mut self, index: usize, start: &RunStart) {
        let before = start
            .resumed
            .as_ref()
            .map_or(0, |resumed| resumed.epochs.len());
        self.under_way
            .insert(index, before as u64 * self.epoch_images);
        self.show();
    }

    /// A member has trained a batch.
    pub fn batch(&mut self, index: usize, report: &BatchReport) {
        let share = report.batch as f64 / report.batches.max(1) as f64;
        let done = (report.epoch as f64 - 1.0 + share) * self.epoch_images as f64;
        let before = self.under_way.insert(index, done as u64).unwrap_or(0);
        self.trained += (done as u64).saturating_sub(before);
        self.batches += 1;
        self.show();
    }

    /// A member of `epochs` epochs has ended.
    pub fn ended(&mut self, index: usize, epochs: usize) {
        self.under_way.remove(&index);
        self.ended += epochs as u64 * self.epoch_images;
        self.members_ended += 1;
        self.show();
    }

    fn show(&self) {
        let done = self.ended + self.under_way.values().sum::<u64>();
        self.bar.set_position(done);
        self.bar
            .set_prefix(format!("{} of {}", self.members_ended, self.members));
        let seconds = self.begun.elapsed().as_secs_f64();
        if self.batches < WARM_UP_BATCHES || seconds < WARM_UP_SECONDS {
            self.bar.set_message("measuring the speed");
            return;
        }
        let speed = self.trained as f64 / seconds;
        let left = self.bar.length().unwrap_or(0).saturating_sub(done) as f64;
        self.bar.set_message(format!(
            "{} images/s  {} left",
            grouped(speed.round() as u64),
            duration(left / speed.max(1e-9))
        ));
    }

    /// Runs `work`, which writes to the terminal, with the bar hidden.
    pub fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bars.suspend(work)
    }
}

impl Drop for SweepProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
