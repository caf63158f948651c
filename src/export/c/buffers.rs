//! Which values share a piece of memory: microcontrollers have little of it.

use super::shapes::Dimensions;
use crate::nn::onnx::{OnnxGraph, PIXELS};
use std::collections::HashMap;

/// Where every value is kept while it is needed.
#[derive(Debug)]
pub struct Buffers {
    /// The buffer of each value, by the value's name.
    pub of: HashMap<String, usize>,
    /// Numbers in each buffer.
    pub sizes: Vec<usize>,
}

/// Operators that may write where they read: each number depends on the one in its place.
fn is_elementwise(operator: &str) -> bool {
    !matches!(
        operator,
        "Conv" | "MaxPool" | "AveragePool" | "GlobalAveragePool" | "Gemm"
    )
}

impl Buffers {
    /// Buffers for the values of `graph`. A value's buffer is free again after the last node that takes it;
    /// `outputs` are never freed.
    pub fn new(
        graph: &OnnxGraph,
        dimensions: &HashMap<String, Dimensions>,
        outputs: &[&str],
    ) -> Self {
        let mut last_use: HashMap<&str, usize> = HashMap::new();
        for (index, node) in graph.nodes.iter().enumerate() {
            for input in &node.inputs {
                last_use.insert(input, index);
            }
        }
        for output in outputs {
            last_use.insert(output, usize::MAX);
        }
        let mut buffers = Self {
            of: HashMap::new(),
            sizes: Vec::new(),
        };
        let mut free: Vec<usize> = Vec::new();
        let elements = |name: &str| {
            let sizes = dimensions.get(name);
            sizes.map_or(0, |sizes| sizes.iter().product())
        };
        buffers.give(PIXELS, elements(PIXELS), &mut free);
        for (index, node) in graph.nodes.iter().enumerate() {
            let mut dead: Vec<usize> = node
                .inputs
                .iter()
                .filter(|input| last_use.get(input.as_str()) == Some(&index))
                .filter_map(|input| buffers.of.get(input).copied())
                .collect();
            dead.sort_unstable();
            dead.dedup();
            let size = elements(&node.output);
            let first = node.inputs.first().and_then(|name| buffers.of.get(name));
            match first.filter(|buffer| is_elementwise(node.operator) && dead.contains(buffer)) {
                Some(&buffer) => {
                    dead.retain(|other| *other != buffer);
                    buffers.of.insert(node.output.clone(), buffer);
                }
                None => buffers.give(&node.output, size, &mut free),
            }
            free.extend(dead);
        }
        buffers
    }

    /// Gives `name` the free buffer that must grow least, or a new one.
    fn give(&mut self, name: &str, size: usize, free: &mut Vec<usize>) {
        let growth = |buffer: &usize| size.saturating_sub(self.sizes[*buffer]);
        let best = (0..free.len()).min_by_key(|place| (growth(&free[*place]), free[*place]));
        let buffer = match best {
            Some(place) => free.swap_remove(place),
            None => {
                self.sizes.push(0);
                self.sizes.len() - 1
            }
        };
        self.sizes[buffer] = self.sizes[buffer].max(size);
        self.of.insert(name.to_owned(), buffer);
    }
}
