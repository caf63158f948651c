//! The network: its parameters and layers, as an operation on dfdx's tape.
//!
//! Inputs and outputs are `[batch, values]`; where the values are images they are
//! `[channels, height, width]` (NCHW). The layers form a [`Block`](exec::Block), one operation on dfdx's
//! tape; the loss is dfdx's own. Parameters and their gradients are plain buffers, which the optimiser
//! changes in place.
//!
//! - [`layers`]: one file per kind of layer. [`fused`]: a few layers in one pass.
//! - [`build`]: which layers become one operation, and what memory they need.
//! - [`Layerwise`]: the same layers one after the other, for looking into them. [`folded`]: fewer layers for evaluation.
//! - [`exec`]: forward and backward passes of consecutive layers over a batch.
//! - [`probe`]: what is inside each layer.
//! - [`profile`]: where the time of training steps goes.
//! - [`io`]: model files. [`onnx`]: networks as graphs for other programs. [`python`]: layers as Python code.

mod average;
pub mod build;
mod error;
#[cfg(test)]
pub mod every_layer;
pub mod exec;
mod feature_extractor;
mod folded;
pub mod fused;
mod init;
pub mod io;
pub mod layers;
mod layerwise;
mod loss;
pub mod micro_batch;
mod model;
mod network;
pub mod onnx;
mod optimizer;
pub mod parameter;
pub mod probe;
pub mod profile;
pub mod python;
mod tensor;

pub use average::WeightAverage;
pub use build::Plan;
pub use error::{ModelFileError, NnError};
pub use feature_extractor::FeatureExtractor;
pub use folded::folded;
pub use io::foreign::ForeignModel;
pub use io::model_file::{
    is_foreign, load_model, load_state_dict, load_weights, parse_model, parse_state_dict,
    save_model,
};
pub use io::snapshot::{ModelInfo, Snapshot};
pub use io::state::{TensorData, TensorState};
pub use layers::{LayerMemory, Pass, f32_bytes};
pub use layerwise::{Change, Layerwise, OutputGradient, Silent};
pub use loss::{Targets, argmax, softmax};
pub use model::{Model, StepOutcome};
pub use network::Network;
pub use optimizer::{Optimizer, OptimizerState};
