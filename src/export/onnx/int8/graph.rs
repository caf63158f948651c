//! The graph of a network in whole numbers: each value that is rounded goes through `QuantizeLinear` and
//! `DequantizeLinear`, and weights through the latter alone (the form called QDQ). Runtimes compute what is between them
//! in whole numbers.

use super::super::tensor::{self, Tensor};
use super::network::Int8Network;
use crate::nn::onnx::{OnnxAttribute, OnnxGraph, OnnxNode, onnx_graph};
use std::collections::HashMap;

/// The graph, and its new constants.
pub fn int8_graph(network: &Int8Network) -> (OnnxGraph, Vec<Tensor>) {
    let info = &network.folded.info;
    let mut graph = onnx_graph(&info.spec, info.normalization);
    let mut rounding = Rounding::default();
    let inputs = graph.layer_inputs.iter().zip(&network.inputs);
    for (value, levels) in inputs {
        if let Some(levels) = levels
            && !rounding.names.contains_key(value)
        {
            let parameters = rounding.parameters(value, &[levels.scale], &[]);
            let zero = format!("{value}/zero_point");
            rounding
                .tensors
                .push(tensor::bytes(&zero, &[], &[levels.zero_point]));
            rounding.quantize(value, &parameters, &zero);
        }
    }
    for (position, weights) in &network.weights {
        let name = |parameter: &str| format!("{position}.{parameter}");
        let shape = |name: &str| {
            let state = network.folded.state.iter();
            let found = state.filter(|tensor| tensor.name == name);
            found
                .flat_map(|tensor| tensor.shape.clone())
                .collect::<Vec<_>>()
        };
        let (weight, bias) = (name("weight"), name("bias"));
        let outputs = [weights.scales.len()];
        rounding
            .tensors
            .push(tensor::int8(&weight, &shape(&weight), &weights.weights));
        rounding
            .tensors
            .push(tensor::int32(&bias, &outputs, &weights.bias));
        for (value, scales) in [(weight, &weights.scales), (bias, &weights.bias_scales)] {
            let scale = rounding.parameters(&value, scales, &outputs);
            let axis = vec![("axis", OnnxAttribute::Int(0))];
            rounding.dequantize(&value, &value, &[&scale], axis);
        }
    }
    graph.nodes = rounding.put_into(graph.nodes);
    (graph, rounding.tensors)
}

/// What is put between the nodes of a graph.
#[derive(Default)]
struct Rounding {
    tensors: Vec<Tensor>,
    /// The nodes behind each value.
    nodes: HashMap<String, Vec<OnnxNode>>,
    /// What each value is called once it is rounded.
    names: HashMap<String, String>,
}

impl Rounding {
    /// The scale of a value, as a constant; returns its name.
    fn parameters(&mut self, value: &str, scale: &[f32], shape: &[usize]) -> String {
        let name = format!("{value}/scale");
        self.tensors.push(tensor::float(&name, shape, scale));
        name
    }

    fn quantize(&mut self, value: &str, scale: &str, zero_point: &str) {
        let levels = format!("{value}/QuantizeLinear");
        self.nodes.entry(value.into()).or_default().push(OnnxNode {
            operator: "QuantizeLinear",
            inputs: vec![value.into(), scale.into(), zero_point.into()],
            output: levels.clone(),
            attributes: Vec::new(),
        });
        self.dequantize(value, &levels, &[scale, zero_point], Vec::new());
    }

    /// Gives the value that `levels` stand for in place of `value`.
    fn dequantize(
        &mut self,
        value: &str,
        levels: &str,
        parameters: &[&str],
        attributes: Vec<(&'static str, OnnxAttribute)>,
    ) {
        let output = format!("{value}/DequantizeLinear");
        let inputs = std::iter::once(levels).chain(parameters.iter().copied());
        self.names.insert(value.into(), output.clone());
        self.nodes.entry(value.into()).or_default().push(OnnxNode {
            operator: "DequantizeLinear",
            inputs: inputs.map(str::to_owned).collect(),
            output,
            attributes,
        });
    }

    /// The nodes with these between them: each directly behind the one whose value it rounds, those of weights directly
    /// before the one that takes them.
    fn put_into(&mut self, nodes: Vec<OnnxNode>) -> Vec<OnnxNode> {
        let mut all = Vec::with_capacity(4 * nodes.len());
        for mut node in nodes {
            for input in &mut node.inputs {
                // Of a weight, and of a value that was there before the first node.
                all.extend(self.nodes.remove(input).unwrap_or_default());
                if let Some(name) = self.names.get(input) {
                    input.clone_from(name);
                }
            }
            let output = node.output.clone();
            all.push(node);
            all.extend(self.nodes.remove(&output).unwrap_or_default());
        }
        all
    }
}
