//! What models do and how they differ, as plain data. Screens show it, commands print it.

mod calibration;
mod certainty_words;
mod comparison;
mod grad_cam;
mod history_difference;
mod image_trace;
mod layer_values;
mod look;
mod made_of;
mod muting;
mod muting_words;
mod occlusion;
mod paired;
mod spec_difference;
mod stories;
mod traced;
mod words;
mod worked_output;
mod worked_words;

pub use calibration::{BINS, Bin, Calibration, Refusal, Reliability};
pub use certainty_words::certainty;
pub use comparison::{Candidate, CompareError, Compared, Comparison};
pub use grad_cam::{GradCam, last_maps};
pub use history_difference::history_differences;
pub use image_trace::ImageTrace;
pub use look::{Look, LookMethod};
pub use made_of::{At, MadeOf, Part, Term};
pub use muting::{Baseline, CellChange, ClassEffect, Muting, Unit, check_units, silent};
pub use muting_words::effect;
pub use occlusion::Occlusion;
pub use paired::Paired;
pub use spec_difference::{Change, differences};
pub use stories::{EpochChange, Fate, Group, Stories, Story, Then};
pub use traced::Traced;
pub use words::{SAME_SPECS, ScoreRow, score_rows, verdict};
pub use worked_output::{Sees, WorkedOutput, WorkedStep};
