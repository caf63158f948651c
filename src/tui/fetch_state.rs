//! How far the fetch of the real data is.

use crate::data::catalog::{self, PublishedFile};
use crate::data::fetch::FetchEvent;

/// The phase of a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchPhase {
    /// None was started yet.
    Idle,
    /// Under way.
    Running,
    /// Told to stop.
    Stopping,
    /// Stopped before its end; the next one resumes there.
    Stopped,
    /// All files are there.
    Done,
    /// Over because of an error.
    Failed,
}

/// A file of the data set.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchedFile {
    /// Name and size.
    pub file: PublishedFile,
    /// Bytes that are there.
    pub bytes: u64,
    /// Whether it is there and checked.
    pub done: bool,
}

/// The fetch of this session.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchState {
    /// Its phase.
    pub phase: FetchPhase,
    /// The files, in the order they are fetched in.
    pub files: Vec<FetchedFile>,
    /// Speed of the file under way; 0 while nothing arrives.
    pub bytes_per_second: f64,
    /// Why a file is being tried again.
    pub trouble: String,
}

impl Default for FetchState {
    fn default() -> Self {
        let file = |file| FetchedFile {
            file,
            bytes: 0,
            done: false,
        };
        Self {
            phase: FetchPhase::Idle,
            files: catalog::fashion_mnist()
                .files
                .into_iter()
                .map(file)
                .collect(),
            bytes_per_second: 0.0,
            trouble: String::new(),
        }
    }
}

impl FetchState {
    /// A fetch that is being started.
    pub fn started() -> Self {
        Self {
            phase: FetchPhase::Running,
            ..Self::default()
        }
    }

    /// Whether it is under way, or about to stop.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, FetchPhase::Running | FetchPhase::Stopping)
    }

    /// Bytes that are there, and bytes of all files.
    pub fn bytes(&self) -> (u64, u64) {
        let there = self.files.iter().map(|file| file.bytes).sum();
        (there, self.files.iter().map(|file| file.file.bytes).sum())
    }

    /// The part of all bytes that is there, 0 to 1.
    pub fn share(&self) -> f64 {
        let (there, all) = self.bytes();
        there as f64 / all.max(1) as f64
    }

    /// Seconds to go at the present speed.
    pub fn seconds_left(&self) -> Option<f64> {
        let (there, all) = self.bytes();
        let known = self.phase == FetchPhase::Running && self.bytes_per_second > 0.0;
        known.then(|| all.saturating_sub(there) as f64 / self.bytes_per_second)
    }

    /// Updates the state with an event.
    pub fn observe(&mut self, event: FetchEvent) {
        let (index, bytes) = match event {
            FetchEvent::Started {
                file, resumed_at, ..
            } => {
                self.bytes_per_second = 0.0;
                (file, resumed_at)
            }
            FetchEvent::Progress {
                file,
                bytes,
                bytes_per_second,
            } => {
                self.bytes_per_second = bytes_per_second;
                self.trouble.clear();
                (file, bytes)
            }
            FetchEvent::Retrying { reason, .. } => {
                self.bytes_per_second = 0.0;
                self.trouble = reason;
                return;
            }
            FetchEvent::Done { file, .. } => {
                self.trouble.clear();
                if let Some(file) = self.files.get_mut(file) {
                    file.done = true;
                }
                (file, u64::MAX)
            }
        };
        if let Some(file) = self.files.get_mut(index) {
            file.bytes = bytes.min(file.file.bytes);
        }
    }
}
