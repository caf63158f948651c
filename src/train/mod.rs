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
mod fits;
mod learner;
mod lr_find;
mod memory;
mod metrics;
mod precision;
mod run;
mod run_folder;
pub mod sweep;
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
pub use fits::{check_evaluation, check_fits, check_fits_model};
pub use lr_find::{LrFindEnd, LrFindOptions, LrFindResult, LrStep, LrSuggestion, lr_find};
pub use memory::{MemoryNeed, available_memory};
pub use metrics::{EpochMetrics, best_epoch, is_complete};
pub use precision::used_precision;
pub use run::{RunOptions, run};
pub use run_folder::{
    METRICS_FILE, RunPlace, checkpoint_files, delete_run, is_in_use, parse_metrics,
    read_all_metrics, read_metrics, read_newest, read_test, resume_command,
};
pub use threads::{available_threads, with_threads};
pub use worker::Worker;
pub(crate) use worker::panic_text;
