//! The layer in a graph for other programs.

use crate::nn::layers::window::Window;
use crate::nn::onnx::OnnxGraph;

/// Adds the layer with these windows to a graph.
pub fn onnx(window: Window, graph: &mut OnnxGraph, x: &str) -> String {
    let (weight, bias) = (graph.parameter("weight"), graph.parameter("bias"));
    graph.node("Conv", &[x, &weight, &bias], window.onnx())
}
