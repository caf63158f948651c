//! How large the values of a graph are.

use crate::nn::onnx::{OnnxAttribute, OnnxGraph, OnnxNode, PIXELS};
use crate::nn::{TensorData, TensorState};
use std::collections::HashMap;

/// The dimensions of one image's value, without the batch: `[channels, height, width]`, `[features]` or
/// none for a single number.
pub type Dimensions = Vec<usize>;

/// The windows of a convolution or a pooling.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    pub kernel: usize,
    pub stride: usize,
    pub padding: usize,
    pub groups: usize,
}

impl Windows {
    /// The settings of `node`; PyTorch's defaults where it has none.
    pub fn of(node: &OnnxNode) -> Self {
        let mut windows = Self {
            kernel: 1,
            stride: 1,
            padding: 0,
            groups: 1,
        };
        for (name, attribute) in &node.attributes {
            let value = match attribute {
                OnnxAttribute::Int(value) => *value,
                OnnxAttribute::Ints(values) => values.first().copied().unwrap_or(0),
                OnnxAttribute::Float(_) => continue,
            };
            let value = usize::try_from(value).unwrap_or(0);
            match *name {
                "kernel_shape" => windows.kernel = value,
                "strides" => windows.stride = value.max(1),
                "pads" => windows.padding = value,
                "group" => windows.groups = value,
                _ => {}
            }
        }
        windows
    }

    /// Windows along a side of `size` pixels.
    pub fn along(&self, size: usize) -> usize {
        ((size + 2 * self.padding).saturating_sub(self.kernel)) / self.stride + 1
    }
}

/// The dimensions of every value, by name.
///
/// # Errors
/// An operator that has no words in C yet, by its name.
pub fn dimensions(
    graph: &OnnxGraph,
    state: &[TensorState],
    input: Dimensions,
) -> Result<HashMap<String, Dimensions>, String> {
    let mut known: HashMap<String, Dimensions> = HashMap::from([(PIXELS.to_owned(), input)]);
    for tensor in state {
        if let TensorData::F32(_) = tensor.data {
            known.insert(tensor.name.clone(), tensor.shape.clone());
        }
    }
    for (name, _) in &graph.constants {
        known.insert(name.clone(), Vec::new());
    }
    for node in &graph.nodes {
        let of = |index: usize| -> &[usize] {
            let input = node.inputs.get(index).and_then(|name| known.get(name));
            input.map_or(&[], Vec::as_slice)
        };
        let made = match (node.operator, of(0)) {
            ("Conv", [_, height, width]) => {
                let windows = Windows::of(node);
                let kernels = of(1).first().copied().unwrap_or(0);
                vec![kernels, windows.along(*height), windows.along(*width)]
            }
            ("MaxPool" | "AveragePool", [channels, height, width]) => {
                let windows = Windows::of(node);
                vec![*channels, windows.along(*height), windows.along(*width)]
            }
            ("GlobalAveragePool", [channels, ..]) => vec![*channels, 1, 1],
            ("Flatten", sizes) => vec![sizes.iter().product()],
            ("Gemm", _) => vec![of(1).first().copied().unwrap_or(0)],
            (
                "BatchNormalization" | "Relu" | "LeakyRelu" | "Elu" | "Tanh" | "Sigmoid" | "Erf"
                | "Softmax" | "Add" | "Sub" | "Mul" | "Div",
                sizes,
            ) => sizes.to_vec(),
            (operator, _) => return Err(format!("{operator} cannot be written in C")),
        };
        known.insert(node.output.clone(), made);
    }
    Ok(known)
}
