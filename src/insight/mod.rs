//! What models do and how they differ, as plain data. Screens show it, commands print it.

mod above;
mod calibration;
mod certainty_words;
mod comparison;
mod history_difference;
mod occlusion;
mod paired;
mod remark;
mod spec_difference;
mod stories;
mod words;

pub use calibration::{BINS, Bin, Calibration, Refusal, Reliability};
pub use certainty_words::certainty;
pub use comparison::{Candidate, CompareError, Compared, Comparison};
pub use history_difference::history_differences;
pub use occlusion::Occlusion;
pub use paired::Paired;
pub use remark::{Remark, remark};
pub use spec_difference::{Change, differences};
pub use stories::{EpochChange, Fate, Group, Stories, Story, Then};
pub use words::{SAME_SPECS, ScoreRow, score_rows, verdict};
