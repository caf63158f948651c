//! Runs on disk: training one that is saved in a folder, and reading folders afterwards.

mod begin;
mod card;
mod checkpoint_file;
mod fold;
pub(crate) mod folder;
mod history;
mod past_run;
mod record;
mod run;
mod runs_folder;
mod saver;

pub use begin::{Beginning, GoingOn};
pub use card::{ModelCard, write_card_beside};
pub use checkpoint_file::{checkpoint_parts, parse_checkpoint};
pub use fold::{Fold, band_of};
pub use folder::{
    BEST_FILE, Label, METRICS_FILE, MODEL_FILE, MOST_OF_NAME, MOST_OF_NOTE, RunPlace, StartedWith,
    checkpoint_files, delete_run, is_in_use, is_run, parse_layers, parse_metrics, read_after,
    read_excluded, read_layers, read_metrics, read_newest, read_steering_file, read_test,
    resume_command, runs_in, write_label,
};
pub use history::{Answers, History, ReadHistory, history_bytes, parse_history, read_history};
pub use past_run::PastRun;
pub use record::{RecordError, RunRecord, folder_name, model_of};
pub use run::{RunOptions, spawn_run, train_run};
pub use runs_folder::{runs_folder, use_runs_folder};
