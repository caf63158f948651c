//! The network: dfdx tensors for parameters, dfdx's tape for gradients, and the operations that dfdx
//! lacks on stable Rust.
//!
//! Activations travel as `[batch, values]` tensors; where the values are images they are laid out
//! `[channels, height, width]`. Consecutive layers that are ours form a [`block`], one operation on
//! dfdx's tape; the loss and SGD / Adam are dfdx's own.

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
mod optim;
pub mod parameter;

pub use average::WeightAverage;
pub use error::{ModelFileError, NnError};
pub use exec::{MOST_PARTS, parts_of};
pub use io::model_file::{ModelInfo, Snapshot, load_model, parse_model, save_model};
pub use io::state::{TensorData, TensorState};
pub use layers::Pass;
pub use loss::{Targets, argmax, softmax};
pub use model::{Model, StepOutcome};
pub use network::Network;
pub use optim::{Optimizer, OptimizerState};
