//! Progress bars on stderr; a run has two, the epoch's and the run's.

use super::settings::is_plain;
use crate::text::{duration, grouped, is_ascii_only};
use crate::train::{BatchReport, RunStart};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Instant;

/// The speed is not shown before this many batches and seconds: it would not predict the rest.
const WARM_UP_BATCHES: usize = 10;
const WARM_UP_SECONDS: f64 = 3.0;

/// The template of the bars of a training.
pub const TRAINING: &str = "{prefix:<13} {bar:24} {wide_msg}";

/// A place for bars, hidden unless stdout and stderr are a terminal, and with `--plain`.
pub fn bars() -> MultiProgress {
    let on_terminal = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
    let visible = on_terminal && !is_plain();
    MultiProgress::with_draw_target(if visible {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    })
}

/// A bar below those already there.
pub fn bar(bars: &MultiProgress, template: &str, length: u64) -> ProgressBar {
    let bar = bars.add(ProgressBar::new(length));
    if let Ok(style) = ProgressStyle::with_template(template) {
        let signs = if is_ascii_only() {
            "#  "
        } else {
            "█▉▊▋▌▍▎▏ "
        };
        bar.set_style(style.progress_chars(signs));
    }
    bar
}

/// The bars of a run. They are hidden unless stdout and stderr are a terminal, and cleared when
/// dropped.
pub struct Progress {
    bars: MultiProgress,
    epoch: ProgressBar,
    run: ProgressBar,
    epochs: usize,
    /// Images of an epoch.
    epoch_images: f64,
    batches_per_epoch: usize,
    /// When the last batch of the current epoch was done.
    last_batch: Instant,
    /// Seconds the last evaluation took.
    evaluation: f64,
}

impl Progress {
    /// Bars at their beginning.
    pub fn new(start: &RunStart) -> Self {
        let bars = bars();
        let bar = |length: usize| bar(&bars, TRAINING, length as u64);
        let epoch = bar(start.batches_per_epoch);
        let run = bar(start.batches_per_epoch * start.epochs);
        run.set_prefix("run");
        Self {
            bars,
            epoch,
            run,
            epochs: start.epochs,
            epoch_images: start.train_images as f64,
            batches_per_epoch: start.batches_per_epoch,
            last_batch: Instant::now(),
            evaluation: 0.0,
        }
    }

    /// The run now is to have so many epochs.
    pub fn set_epochs(&mut self, epochs: usize) {
        self.epochs = epochs;
        self.run
            .set_length((self.batches_per_epoch * epochs) as u64);
    }

    /// Moves both bars to a batch.
    pub fn batch(&mut self, report: &BatchReport) {
        self.last_batch = Instant::now();
        let done = (report.epoch - 1) * report.batches + report.batch;
        self.epoch
            .set_prefix(format!("epoch {}/{}", report.epoch, self.epochs));
        self.epoch.set_position(report.batch as u64);
        self.run.set_position(done as u64);
        self.epoch.set_message(format!(
            "loss {:.4}  accuracy {:.2}",
            report.loss, report.accuracy
        ));
        if done < WARM_UP_BATCHES || report.seconds < WARM_UP_SECONDS {
            self.run.set_message("measuring the speed");
            return;
        }
        let speed = report.images as f64 / report.seconds;
        let total_images = self.epoch_images * self.epochs as f64;
        let left = (total_images - report.images as f64).max(0.0) / speed;
        let evaluations = (self.epochs - report.epoch + 1) as f64 * self.evaluation;
        self.run.set_message(format!(
            "{} images/s  {} left",
            grouped(speed.round() as u64),
            duration(left + evaluations)
        ));
    }

    /// Records the end of an epoch and of its evaluation.
    pub fn epoch(&mut self, epoch: usize) {
        self.evaluation = self.last_batch.elapsed().as_secs_f64();
        if epoch < self.epochs {
            self.epoch.set_position(0);
        }
    }

    /// Runs `work`, which writes to the terminal, with the bars hidden.
    pub fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bars.suspend(work)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.epoch.finish_and_clear();
        self.run.finish_and_clear();
    }
}
