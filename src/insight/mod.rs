//! What models do and how they differ, as plain data. Screens show it, commands print it.

mod ablation;
mod above;
pub mod audit;
mod calibration;
mod certainty_words;
mod comparison;
mod effects;
mod embedding;
mod grad_cam;
mod history_difference;
mod image_trace;
mod inside;
mod layer_health;
mod layer_values;
mod layer_words;
mod likeness;
mod look;
mod made_of;
mod muting;
mod muting_words;
mod occlusion;
mod overview;
mod paired;
mod prediction;
mod remark;
mod single_seed;
mod stories;
mod traced;
mod words;
mod worked_output;
mod worked_words;

pub use ablation::{Ablation, Rung, Verdict};
pub use calibration::{BINS, Bin, Calibration, Refusal, Reliability};
pub use certainty_words::certainty;
pub use comparison::{Candidate, CompareError, Compared, Comparison};
pub use effects::{Effects, Level, Matters, Setting};
pub use embedding::{
    Components, EmbedError, Embedding, EmbeddingMethod, Features, MOST_IMAGES, Trustworthiness,
    USUAL_IMAGES,
};
pub use grad_cam::{GradCam, layers_with_maps};
pub use history_difference::history_differences;
pub use image_trace::ImageTrace;
pub use inside::Inside;
pub use layer_health::{Finding, Symptom, findings};
pub use layer_words::{LayerCells, details, looked_with, spread};
pub use likeness::{Likeness, Standing};
pub use look::{Look, LookMethod};
pub use made_of::{At, MadeOf, Part, Term};
pub use muting::{Baseline, CellChange, ClassEffect, Muting, Unit, check_units, silent};
pub use muting_words::effect;
pub use occlusion::Occlusion;
pub use overview::Overview;
pub use paired::Paired;
pub use prediction::{Prediction, predict};
pub use remark::{Remark, remark};
pub use single_seed::SingleSeed;
pub use stories::{EpochChange, Fate, Group, Stories, Story, Then};
pub use traced::Traced;
pub use words::{SAME_SPECS, ScoreRow, score_rows, verdict};
pub use worked_output::{Sees, WorkedOutput, WorkedStep};
