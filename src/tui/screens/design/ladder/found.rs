//! What is known of the parts, while they are trained and afterwards.

use crate::insight::{Ablation, Rung};
use crate::tui::message::{AblationNews, RunsProgress};
use std::path::PathBuf;
use std::sync::Arc;

/// How an ablation stands.
#[derive(Debug)]
pub enum State {
    /// It is trained.
    UnderWay,
    /// It was told to stop and saves what is under way.
    Stopping,
    /// Nothing more is trained: so many runs are done, and the folder.
    Ended(usize, PathBuf),
    /// It could not be trained.
    Failed(String),
}

/// The results so far.
#[derive(Debug)]
pub struct Found {
    pub state: State,
    pub progress: RunsProgress,
    /// None until the folder is read.
    pub ablation: Option<Arc<Ablation>>,
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
            ablation: None,
        }
    }

    /// Takes news.
    pub fn observe(&mut self, news: &AblationNews) {
        match news {
            AblationNews::Progress(progress) => self.progress = progress.clone(),
            AblationNews::Found(ablation) => self.ablation = Some(Arc::clone(ablation)),
            AblationNews::Ended { folder, done, .. } => {
                self.state = State::Ended(*done, folder.clone());
            }
            AblationNews::Failed(reason) => self.state = State::Failed(reason.clone()),
        }
    }

    /// The parts, sorted.
    pub fn rungs(&self) -> &[Rung] {
        self.ablation.as_ref().map_or(&[], |found| &found.rungs)
    }

    /// Whether something is being trained or saved.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, State::UnderWay | State::Stopping)
    }

    /// How many runs have ended, of how many, while it is under way.
    pub fn under_way(&self) -> Option<(usize, usize)> {
        let progress = &self.progress;
        self.is_under_way()
            .then_some((progress.ended, progress.runs))
    }
}
