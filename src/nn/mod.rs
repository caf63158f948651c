//! The network: its parameters and layers, as operations on dfdx's tape.
//!
//! Activations travel as `[batch, values]` tensors; where the values are images they are laid out
//! `[channels, height, width]`. Consecutive layers that are ours form a [`block`], one operation on
//! dfdx's tape; the loss is dfdx's own. Parameters and their gradients are plain buffers, which the
//! optimiser changes in place.

mod average;
mod builder;
mod error;
pub mod exec;
pub mod fused;
mod init;
pub mod io;
pub mod layers;
mod loss;
mod model;
mod network;
mod optimizer;
pub mod parameter;
mod tensor;

pub use average::WeightAverage;
pub use error::{ModelFileError, NnError};
pub use exec::{MOST_PARTS, parts_of};
pub use io::model_file::{ModelInfo, Snapshot, load_model, parse_model, save_model};
pub use io::state::{TensorData, TensorState};
pub use layers::Pass;
pub use loss::{Targets, argmax, softmax};
pub use model::{Model, StepOutcome};
pub use network::Network;
pub use optimizer::{Optimizer, OptimizerState};
