//! Training: the epoch loop and its thread, metrics, evaluation, and what is checked before.
//!
//! An [`EpochLoop`] trains in the calling thread and reports what happens as [`Event`]s;
//! [`TrainingThread`] gives it a thread of its own, so that a screen stays free. [`Command`]s go the
//! other way. Where a run is saved is a [`SaveRun`]'s matter.

mod bench;
mod checkpoint;
mod command;
mod confusion;
mod control;
mod data_identity;
mod divergence;
mod epoch_loop;
mod epoch_time;
mod error;
mod evaluate;
mod event;
mod forward;
mod lengthened;
mod live_layers;
mod live_profile;
mod lr_find;
mod metrics;
mod origin;
mod precision;
pub(crate) mod preflight;
mod prepared;
mod resume;
mod save;
mod steer;
mod steering;
mod steps;
mod thread;
mod threads;
mod train_state;
mod training_data;
mod weights;

pub use bench::{BenchOptions, BenchResult, bench};
pub use checkpoint::{Checkpoint, EpochSums, Progress};
pub use command::Command;
pub use confusion::{ClassScores, ConfusedPair, ConfusionMatrix};
pub use data_identity::DataIdentity;
pub use epoch_loop::EpochLoop;
pub use epoch_time::{EpochTime, predict_epoch};
pub use error::TrainError;
pub use evaluate::{Evaluation, evaluate, evaluate_network, evaluate_some, evaluate_with_flips};
pub use event::{
    BatchReport, Divergence, Event, Resumed, RunStart, RunSummary, Scores, TestScores, Validated,
};
pub(crate) use forward::forward;
pub use lengthened::lengthened_words;
pub use live_layers::EpochLayers;
pub use lr_find::{LrFindEnd, LrFindOptions, LrFindResult, LrStep, LrSuggestion, lr_find};
pub use metrics::{EpochMetrics, best_epoch, is_complete};
pub use origin::Origin;
pub use precision::used_precision;
pub use preflight::{
    MemoryNeed, available_memory, check_classes, check_evaluation, check_fits, check_fits_model,
    check_inspection,
};
pub use save::{RunFiles, SaveRun};
pub use steering::{STEERABLE, Steered, spec_in_force, steer};
pub use thread::TrainingThread;
pub(crate) use thread::panic_text;
pub use threads::{available_threads, with_threads};
pub use training_data::{BeganWith, TrainingData, identity_for, seen_again, seen_again_images};
