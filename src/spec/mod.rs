//! What to train: layers, loss, optimiser, schedule, seed. Plain data, checked before anything runs.
//!
//! A [`Spec`] is one JSON file. [`Spec::check`] infers every layer's shape and says what is wrong,
//! and where, in words a person can act on. Nothing here knows of tensors or terminals.

pub mod ablation;
mod about;
mod adapted;
mod checked;
mod choices;
mod definition;
mod difference;
mod doubts;
mod ending;
mod error;
mod initializer;
mod input_normalization;
mod layer;
mod limit;
pub mod limits;
mod loss;
mod name_or_fields;
mod parse;
mod precision;
mod presets;
mod receptive_field;
mod residual;
mod schedule;
mod shape;
mod summary;
mod title;
pub mod vary;

pub use crate::augment::Augmentation;
pub use crate::optim::Optimizer;
pub use about::about;
pub use checked::CheckedSpec;
#[cfg(test)]
pub(crate) use checked::checks;
pub use choices::{choices, meaning, variant};
pub use definition::{Input, Spec};
pub use difference::{Change, differences};
pub use ending::{EarlyStopping, Validation};
pub use error::{Problem, SpecError};
pub use initializer::Initializer;
pub use input_normalization::InputNormalization;
pub use layer::{ActivationFunction, Arithmetic, Layer, Window};
pub use loss::Loss;
use name_or_fields::name_or_fields;
pub use precision::Precision;
pub use presets::{PRESETS, Preset, preset};
pub use receptive_field::ReceptiveField;
pub use residual::Skip;
pub use schedule::Schedule;
pub use shape::Shape;
pub use summary::{LayerSummary, Summary, infer_layers};
