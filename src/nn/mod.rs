//! The network: dfdx tensors for parameters, dfdx's tape for gradients, and the operations that dfdx
//! lacks on stable Rust.
//!
//! Activations are `[batch, values]` tensors; where the values are images they are
//! `[channels, height, width]` (NCHW). Consecutive layers that are ours form a [`Block`](exec::Block),
//! one operation on dfdx's tape; the loss is dfdx's own.
//!
//! - [`layers`]: one file per kind of layer. [`fused`]: a few layers in one pass.
//! - [`build`]: which layers become one operation, and what memory they need.
//! - [`exec`]: forward and backward passes of consecutive layers over a batch.
//! - [`io`]: model files.

mod average;
pub mod build;
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
pub use build::Plan;
pub use error::{ModelFileError, NnError};
pub use io::model_file::{load_model, parse_model, save_model};
pub use io::snapshot::{ModelInfo, Snapshot};
pub use io::state::{TensorData, TensorState};
pub use layers::{LayerMemory, Pass, f32_bytes};
pub use loss::{Targets, argmax, softmax};
pub use model::{Model, StepOutcome};
pub use network::Network;
pub use optim::{Optimizer, OptimizerState};
