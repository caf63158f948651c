//! How a sweep stands, while it is trained and afterwards.

use crate::insight::Overview;
use crate::tui::message::{RunsProgress, SweepNews};
use std::path::PathBuf;
use std::sync::Arc;

/// Whether it is trained.
#[derive(Debug)]
pub enum State {
    /// It is.
    UnderWay,
    /// It was told to stop and saves what is under way.
    Stopping,
    /// Nothing more is trained: so many runs have ended, and the folder.
    Ended(usize, PathBuf),
}

/// What is known of a sweep.
#[derive(Debug)]
pub struct Found {
    pub state: State,
    pub progress: RunsProgress,
    /// None until the folder is read.
    pub overview: Option<Arc<Overview>>,
}

impl Found {
    /// Nothing, of so many runs.
    pub fn new(runs: usize) -> Self {
        let progress = RunsProgress {
            runs,
            ..RunsProgress::default()
        };
        Self {
            state: State::UnderWay,
            progress,
            overview: None,
        }
    }

    /// Takes news.
    pub fn observe(&mut self, news: &SweepNews) {
        match news {
            SweepNews::Progress(progress) => self.progress = progress.clone(),
            SweepNews::Found(overview) => self.overview = Some(Arc::clone(overview)),
            SweepNews::Ended { folder, ended, .. } => {
                self.state = State::Ended(*ended, folder.clone());
            }
            SweepNews::Failed(_) => {}
        }
    }

    /// Whether something is being trained or saved.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, State::UnderWay | State::Stopping)
    }
}
