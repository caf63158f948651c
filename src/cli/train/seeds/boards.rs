//! The members' curves for TensorBoard, beside what is printed.

use crate::cli::sweep::{Begin, SweepReport};
use crate::cli::train::board::Board;
use crate::runs::folder_name;
use crate::sweep::{Standing, Sweep, SweepEvent};
use crate::train::Event;
use color_eyre::eyre::Result;
use std::path::PathBuf;

/// A report that also writes the curves of each member, in a folder for all of them.
pub struct WithBoards {
    report: Box<dyn SweepReport>,
    folder: PathBuf,
    /// Of the member under way.
    board: Option<Board>,
}

impl WithBoards {
    /// Curves below `folder`, beside `report`.
    pub fn new(report: Box<dyn SweepReport>, folder: PathBuf) -> Self {
        Self {
            report,
            folder,
            board: None,
        }
    }

    fn follow(&mut self, event: &Event) {
        let problem = self.board.as_mut().and_then(|board| board.follow(event));
        if let Some(problem) = problem {
            self.report.warn(&problem);
        }
    }
}

impl SweepReport for WithBoards {
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()> {
        self.report.begin(begin)
    }

    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()> {
        let shown = self.report.show(sweep, event);
        match event {
            SweepEvent::Started(_, start) => {
                // The members of every such folder have the same names.
                let folder = self.folder.join(folder_name(&sweep.folder));
                self.board = Some(Board::new(folder, &sweep.plan.spec.name));
                self.follow(&Event::Started(start.as_ref().clone()));
            }
            SweepEvent::Epoch(_, metrics, is_best) => self.follow(&Event::Epoch {
                metrics: *metrics,
                is_best: *is_best,
            }),
            _ => {}
        }
        shown
    }

    fn warn(&self, text: &str) {
        self.report.warn(text);
    }

    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()> {
        self.report.end(sweep, standings, notice)
    }
}
