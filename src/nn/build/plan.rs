//! A network before it has memory: what is built, and what building it would take.

use super::fuse::fuse;
use crate::nn::exec::Block;
use crate::nn::layers::{
    Dense, LayerMemory, LayerOp, ParameterShape, Relayout, f32_bytes, layer_op,
};
use crate::simd::Engine;
use crate::spec::{Layer, LayerSummary, Shape};
use std::collections::VecDeque;
use std::ops::Range;

/// The segments and parameters of a network. A plan holds sizes only, so there can be one of a network
/// that no machine could hold.
pub struct Plan {
    /// In the order of the layers.
    pub segments: Vec<PlannedSegment>,
    /// In the order of the layers, weight before bias.
    pub parameters: Vec<PlannedParameter>,
    /// Positions of the batch norm layers.
    pub batch_norm_layers: Vec<usize>,
    layers: usize,
    input_len: usize,
}

/// What will run as one operation on dfdx's tape.
pub enum PlannedSegment {
    /// Consecutive layers of ours, with the range of their parameters.
    Block(Box<Block>, Range<usize>),
    /// A dense layer, with its position among the layers and that of its weight; its bias follows.
    Dense(Box<Dense>, usize, usize),
}

/// A trainable parameter of a layer.
pub struct PlannedParameter {
    /// The layer's position.
    pub layer: usize,
    /// Name, dimensions and first values.
    pub shape: ParameterShape,
}

impl Plan {
    /// The plan of `layers`, whose shapes are `rows` (shape inference's answer for them), with
    /// products done by `engine`. `traces_input` is for a network whose input's gradient is wanted
    /// too.
    pub fn new(
        layers: &[Layer],
        rows: &[LayerSummary],
        traces_input: bool,
        engine: Engine,
    ) -> Self {
        let mut builder = Builder::new(traces_input);
        for (index, (layer, row)) in layers.iter().zip(rows).enumerate() {
            let (channels, area) = row.input.channels_and_area();
            if index == 0 && area > 1 && channels > 1 {
                let to_nhwc = Relayout::channels_last(channels, area);
                builder.pending.push_back((0, LayerOp::other(to_nhwc)));
            }
            builder.add(index, layer_op(index, layer, rows, engine));
        }
        if let (Some(last), Some(Shape::Image { .. })) = (
            layers.len().checked_sub(1),
            rows.last().map(|row| row.output),
        ) {
            let (channels, area) = rows[last].output.channels_and_area();
            let to_nchw = Relayout::channels_first(channels, area);
            builder.pending.push_back((last, LayerOp::other(to_nchw)));
        }
        builder.close_block();
        Self {
            layers: layers.len(),
            input_len: rows.first().map_or(0, |row| row.input.elements()),
            ..builder.plan
        }
    }

    /// What each layer needs, with training batches of `training` images and evaluated batches of
    /// `evaluation` images, either of which may be 0. dfdx's tensors of the parameters come on top.
    pub fn memory(&self, training: usize, evaluation: usize) -> Vec<LayerMemory> {
        let mut layers = vec![LayerMemory::default(); self.layers];
        for segment in &self.segments {
            match segment {
                PlannedSegment::Block(block, _) => {
                    for (layer, memory) in block.memory(training, evaluation) {
                        layers[layer] += memory;
                    }
                }
                PlannedSegment::Dense(dense, layer, _) => layers[*layer] += dense.memory(),
            }
        }
        if let Some(first) = layers.first_mut() {
            // The tensor of the network's input.
            first.training_image += f32_bytes(self.input_len);
            first.evaluation_image += f32_bytes(self.input_len);
        }
        layers
    }
}

/// Collects layers into segments.
struct Builder {
    traces_input: bool,
    plan: Plan,
    /// The layers of the block being built, each with its position, and the position of its first
    /// parameter.
    pending: VecDeque<(usize, LayerOp)>,
    pending_start: usize,
}

impl Builder {
    fn new(traces_input: bool) -> Self {
        Self {
            traces_input,
            plan: Plan {
                segments: Vec::new(),
                parameters: Vec::new(),
                batch_norm_layers: Vec::new(),
                layers: 0,
                input_len: 0,
            },
            pending: VecDeque::new(),
            pending_start: 0,
        }
    }

    fn add(&mut self, index: usize, layer: LayerOp) {
        let weight = self.plan.parameters.len();
        let declared = layer.parameters().into_iter();
        let parameters = declared.map(|shape| PlannedParameter {
            layer: index,
            shape,
        });
        if let LayerOp::Dense(mut dense) = layer {
            dense.set_propagates(self.traces_input || weight > 0);
            self.close_block();
            self.plan.parameters.extend(parameters);
            let segment = PlannedSegment::Dense(dense, index, weight);
            self.plan.segments.push(segment);
            self.pending_start = self.plan.parameters.len();
            return;
        }
        self.plan.parameters.extend(parameters);
        if layer.has_statistics() {
            self.plan.batch_norm_layers.push(index);
        }
        self.pending.push_back((index, layer));
    }

    /// Ends the block being built, if there is one.
    fn close_block(&mut self) {
        let end = self.plan.parameters.len();
        if !self.pending.is_empty() {
            let propagates = self.traces_input || !self.plan.segments.is_empty();
            let (ops, skips) = fuse(std::mem::take(&mut self.pending));
            let block = Box::new(Block::new(ops, skips, propagates));
            let segment = PlannedSegment::Block(block, self.pending_start..end);
            self.plan.segments.push(segment);
        }
        self.pending_start = end;
    }
}
