//! The network: dfdx tensors for parameters, dfdx's tape for gradients, and the operations that dfdx
//! lacks on stable Rust.
//!
//! Activations travel as `[batch, values]` tensors; where the values are images they are laid out
//! `[channels, height, width]`. Consecutive layers that are ours form a [`block`], one operation on
//! dfdx's tape; the loss and SGD / Adam are dfdx's own.

mod average;
pub mod bf16;
mod block;
pub mod buffer;
mod builder;
mod dense;
mod error;
mod file;
mod init;
pub mod kernels;
mod loss;
mod model;
mod network;
pub mod ops;
mod optim;
pub mod parameter;
pub mod tensors;
#[cfg(test)]
mod testing;

pub use average::WeightAverage;
pub use block::{MOST_PARTS, parts_of};
pub use error::{ModelFileError, NnError};
pub use file::{ModelInfo, Snapshot, load_model, parse_model, save_model};
pub use loss::{Targets, argmax, softmax};
pub use model::{Model, StepOutcome};
pub use network::Network;
pub use ops::Pass;
pub use optim::{Optimizer, OptimizerState};
pub use tensors::{TensorData, TensorState};
