//! What models do and how they differ, as plain data. Screens show it, commands print it.

mod calibration;
mod certainty_words;
mod comparison;
mod embedding;
mod history_difference;
mod occlusion;
mod paired;
mod prediction;
mod spec_difference;
mod words;

pub use calibration::{BINS, Bin, Calibration, Refusal, Reliability};
pub use certainty_words::certainty;
pub use comparison::{Candidate, CompareError, Compared, Comparison};
pub use embedding::{
    Components, EmbedError, Embedding, EmbeddingMethod, Features, MOST_IMAGES, Trustworthiness,
    USUAL_IMAGES,
};
pub use history_difference::history_differences;
pub use occlusion::Occlusion;
pub use paired::Paired;
pub use prediction::{Prediction, predict};
pub use spec_difference::{Change, differences};
pub use words::{SAME_SPECS, ScoreRow, score_rows, verdict};
