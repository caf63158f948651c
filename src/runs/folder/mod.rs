//! The folder of a run: `spec.json`, `metrics.jsonl`, `layers.jsonl`, `model.safetensors` (the last epoch),
//! `best.safetensors` with its card `model.md`, checkpoints, `history.bin`, `test.json` where images were held out, `origin.json`,
//! `excluded.txt`, `steering.jsonl` and `label.json` where there is something to say.

mod checkpoints;
mod data_of;
mod delete;
mod file_names;
mod inside;
mod kept;
mod label_file;
mod layers_file;
mod lock;
mod metrics_file;
mod origin_file;
mod place;
mod run_folder;
mod steering_file;
mod test_file;
#[cfg(test)]
mod tests;

pub use checkpoints::{checkpoint_files, checkpoint_step, read_after, read_newest};
pub use data_of::{read_data, read_excluded};
pub use delete::delete_run;
pub use file_names::{BEST_FILE, METRICS_FILE, MODEL_FILE, OUTCOME_FILE, SPEC_FILE};
pub use inside::{is_run, runs_in};
pub use label_file::{Label, MOST_OF_NAME, MOST_OF_NOTE, read_label, write_label};
pub use layers_file::{parse_layers, read_layers};
pub use lock::is_in_use;
pub use metrics_file::{parse_metrics, read_metrics, read_metrics_strictly};
pub use origin_file::read_origin;
pub use place::{RunPlace, StartedWith, resume_command};
pub use run_folder::RunFolder;
pub use steering_file::{read_steering, read_steering_file};
pub use test_file::read_test;
