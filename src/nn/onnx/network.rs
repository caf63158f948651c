//! The graph of a whole network.

use super::graph::OnnxGraph;
use crate::data::Normalization;
use crate::nn::layers::layer_onnx;
use crate::spec::CheckedSpec;

/// Name of the graph's input: pixels from 0 to 255, `[batch, channels, height, width]`.
pub const PIXELS: &str = "pixels";
/// Name of an output: `[batch, classes]`.
pub const LOGITS: &str = "logits";
/// Name of an output: their softmax, `[batch, classes]`.
pub const PROBABILITIES: &str = "probabilities";

/// The network of `spec` in evaluation mode, from pixels to logits and probabilities.
pub fn onnx_graph(spec: &CheckedSpec, normalization: Normalization) -> OnnxGraph {
    let mut graph = OnnxGraph::default();
    graph.enter("normalization");
    // (pixel / 255 - mean) / std, as it is computed before training.
    let largest = graph.constant("largest", 255.0);
    let mean = graph.constant("mean", normalization.mean);
    let std = graph.constant("std", normalization.std);
    let scaled = graph.node("Div", &[PIXELS, &largest], Vec::new());
    let centred = graph.node("Sub", &[&scaled, &mean], Vec::new());
    let mut x = graph.node("Div", &[&centred, &std], Vec::new());
    let rows = &spec.summary().layers;
    let mut inputs = Vec::with_capacity(rows.len());
    for (index, layer) in spec.layers.iter().enumerate() {
        inputs.push(x.clone());
        graph.enter(index);
        x = layer_onnx(index, layer, rows, &mut graph, &inputs);
    }
    graph.layer_inputs = inputs;
    graph.enter("output");
    let probabilities = graph.node(
        "Softmax",
        &[LOGITS],
        vec![("axis", super::OnnxAttribute::Int(1))],
    );
    rename(&mut graph, &x, LOGITS);
    rename(&mut graph, &probabilities, PROBABILITIES);
    graph
}

fn rename(graph: &mut OnnxGraph, old: &str, new: &str) {
    let of_nodes = graph.nodes.iter_mut();
    let of_nodes = of_nodes.flat_map(|node| node.inputs.iter_mut().chain([&mut node.output]));
    let names = of_nodes.chain(&mut graph.layer_inputs);
    for name in names.filter(|name| *name == old) {
        new.clone_into(name);
    }
}
