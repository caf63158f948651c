//! Runs on disk: the folder of a run under way, and what it tells afterwards.

pub(crate) mod folder;
mod record;

pub use folder::{
    METRICS_FILE, RunPlace, checkpoint_files, delete_run, is_in_use, parse_metrics,
    read_all_metrics, read_metrics, read_newest, read_test, resume_command,
};
pub use record::{RecordError, RunRecord, folder_name};
