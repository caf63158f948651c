//! What is printed while members train: lines above their progress bar, and each notice once.

use super::progress::SweepProgress;
use crate::cli::output::{note, print};
use crate::sweep::{Sweep, SweepEvent};
use crate::train::RunStart;
use color_eyre::eyre::Result;

/// The bar, if members are training, and the notices that were shown already.
#[derive(Default)]
pub struct AboveTheBar {
    progress: Option<SweepProgress>,
    said: Vec<String>,
}

impl AboveTheBar {
    /// Shows a bar from now on.
    pub fn begin(&mut self, progress: SweepProgress) {
        self.progress = Some(progress);
    }

    /// Clears the bar's line; returns whether there was one.
    pub fn end(&mut self) -> bool {
        self.progress.take().is_some()
    }

    /// Prints a line of results.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn line(&self, text: &str) -> Result<()> {
        match &self.progress {
            Some(progress) => progress.suspend(|| print(text)),
            None => print(text),
        }
    }

    /// Prints a message that is no result.
    pub fn warn(&self, text: &str) {
        match &self.progress {
            Some(progress) => progress.suspend(|| note(text)),
            None => note(text),
        }
    }

    /// Prints a run's notice, unless that of another run was the same.
    pub fn notice(&mut self, start: &RunStart) {
        if let Some(notice) = &start.notice
            && !self.said.contains(notice)
        {
            self.warn(notice);
            self.said.push(notice.clone());
        }
    }

    /// Moves the bar.
    pub fn follow(&mut self, sweep: &Sweep, event: &SweepEvent) {
        let Some(progress) = &mut self.progress else {
            return;
        };
        match event {
            SweepEvent::Started(index, start) => progress.started(*index, start),
            SweepEvent::Batch(index, batch) => progress.batch(*index, batch),
            SweepEvent::Ended(index, _) => {
                progress.ended(*index, sweep.members[*index].spec.epochs);
            }
            SweepEvent::Epoch(..) | SweepEvent::AtRung(..) | SweepEvent::Note(..) => {}
        }
    }
}
