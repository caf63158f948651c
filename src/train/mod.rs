//! Training: the epoch loop, its metrics, and the run folder they end up in.
//!
//! [`run()`] trains in the calling thread and tells what happens as [`Event`]s; [`Worker`] does the
//! same in a thread of its own, so that a screen stays free. [`Command`]s go the other way.

mod bench;
mod checkpoint;
mod command;
mod confusion;
mod control;
mod data_identity;
mod error;
mod evaluate;
mod event;
mod learner;
mod lr_find;
mod metrics;
mod precision;
pub(crate) mod preflight;
mod run;
mod threads;
mod worker;

pub use bench::{BenchOptions, BenchResult, bench};
pub use checkpoint::{Checkpoint, EpochSums, Progress};
pub use command::Command;
pub use confusion::{ClassScores, ConfusedPair, ConfusionMatrix};
pub use data_identity::DataIdentity;
pub use error::TrainError;
pub use evaluate::{Evaluation, evaluate, evaluate_with_flips};
pub use event::{
    BatchReport, Divergence, Event, Resumed, RunStart, RunSummary, Scores, TestScores, Validated,
};
pub use lr_find::{LrFindEnd, LrFindOptions, LrFindResult, LrStep, LrSuggestion, lr_find};
pub use metrics::{EpochMetrics, best_epoch, is_complete};
pub use precision::used_precision;
pub use preflight::{MemoryNeed, available_memory, check_evaluation, check_fits, check_fits_model};
pub use run::{RunOptions, run};
pub use threads::{available_threads, with_threads};
pub use worker::Worker;
pub(crate) use worker::panic_text;
