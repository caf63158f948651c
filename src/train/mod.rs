//! Training: the epoch loop, its metrics, and the run folder they end up in.
//!
//! [`run()`] trains in the calling thread and tells what happens as [`Event`]s; [`Worker`] does the
//! same in a thread of its own, so that a screen stays free. [`Command`]s go the other way.

mod bench;
mod command;
mod confusion;
mod control;
mod error;
mod evaluate;
mod event;
mod fits;
mod metrics;
mod precision;
mod run;
mod run_folder;
mod threads;
mod worker;

pub use bench::{BenchOptions, BenchResult, bench};
pub use command::Command;
pub use confusion::{ClassScores, ConfusedPair, ConfusionMatrix};
pub use error::TrainError;
pub use evaluate::{Evaluation, evaluate};
pub use event::{BatchReport, Divergence, Event, RunStart, RunSummary, Validated};
pub use fits::check_fits;
pub use metrics::EpochMetrics;
pub use precision::used_precision;
pub use run::{RunOptions, run};
pub use run_folder::{RunFolder, RunPlace};
pub use threads::{available_threads, with_threads};
pub use worker::Worker;
pub(crate) use worker::panic_text;
