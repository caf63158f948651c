//! What models do and how they differ, as plain data. Screens show it, commands print it.

mod ablation;
mod calibration;
mod certainty_words;
mod comparison;
mod history_difference;
mod inside;
mod layer_health;
mod layer_words;
mod occlusion;
mod paired;
mod single_seed;
mod spec_difference;
mod stories;
mod words;

pub use ablation::{Ablation, Rung, Verdict};
pub use calibration::{BINS, Bin, Calibration, Refusal, Reliability};
pub use certainty_words::certainty;
pub use comparison::{Candidate, CompareError, Compared, Comparison};
pub use history_difference::history_differences;
pub use inside::Inside;
pub use layer_health::{Finding, Symptom, findings};
pub use layer_words::{LayerCells, details, looked_with, spread};
pub use occlusion::Occlusion;
pub use paired::Paired;
pub use single_seed::SingleSeed;
pub use spec_difference::{Change, differences};
pub use stories::{EpochChange, Fate, Group, Stories, Story, Then};
pub use words::{SAME_SPECS, ScoreRow, score_rows, verdict};
