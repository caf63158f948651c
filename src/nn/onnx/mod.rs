//! Networks as graphs for other programs. What each kind of layer becomes stands in its own file.

mod graph;
mod network;

pub use graph::{OnnxAttribute, OnnxGraph, OnnxNode};
pub use network::{LOGITS, PIXELS, PROBABILITIES, onnx_graph};
