//! A network before it has memory: what is built, and what building it would take.

use super::fuse::fuse;
use crate::nn::exec::Block;
use crate::nn::layers::{LayerMemory, LayerOp, ParameterShape, Relayout, layer_op};
use crate::nn::profile::OpLayers;
use crate::simd::Engine;
use crate::spec::{Layer, LayerSummary, Shape};
use std::collections::VecDeque;

/// The ops and parameters of a network. A plan holds sizes only, so there can be one of a network that
/// no machine could hold.
pub struct Plan {
    /// The layers as ops, as few as possible.
    pub block: Box<Block>,
    /// In the order of the layers, weight before bias.
    pub parameters: Vec<PlannedParameter>,
    /// Positions of the batch norm layers.
    pub batch_norm_layers: Vec<usize>,
    /// What each op of the block stands for.
    pub op_layers: Vec<OpLayers>,
    layers: usize,
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
    /// products done by `engine`. The first `frozen` layers work as in evaluation and do not learn.
    /// `traces_input` is for a network whose input's gradient is wanted too.
    pub fn new(
        layers: &[Layer],
        rows: &[LayerSummary],
        frozen: usize,
        traces_input: bool,
        engine: Engine,
    ) -> Self {
        Self::of(layers, rows, frozen, (traces_input, true), engine)
    }

    /// The same with every layer as an op of its own, computing in f32.
    pub fn apart(layers: &[Layer], rows: &[LayerSummary], frozen: usize) -> Self {
        Self::of(layers, rows, frozen, (false, false), Engine::f32())
    }

    fn of(
        layers: &[Layer],
        rows: &[LayerSummary],
        frozen: usize,
        (traces_input, joins): (bool, bool),
        engine: Engine,
    ) -> Self {
        let mut ops = VecDeque::new();
        let (mut parameters, mut batch_norm_layers) = (Vec::new(), Vec::new());
        for (index, (layer, row)) in layers.iter().zip(rows).enumerate() {
            let (channels, area) = row.input.channels_and_area();
            if index == 0 && area > 1 && channels > 1 {
                let to_nhwc = Relayout::channels_last(channels, area);
                ops.push_back((0, LayerOp::other(to_nhwc)));
            }
            let layer = layer_op(index, layer, rows, engine);
            let declared = layer.op().parameters().into_iter();
            parameters.extend(declared.map(|shape| PlannedParameter {
                layer: index,
                shape,
            }));
            if layer.op().statistics_len() > 0 {
                batch_norm_layers.push(index);
            }
            ops.push_back((index, layer));
        }
        if let (Some(last), Some(Shape::Image { .. })) = (
            layers.len().checked_sub(1),
            rows.last().map(|row| row.output),
        ) {
            let (channels, area) = rows[last].output.channels_and_area();
            let to_nchw = Relayout::channels_first(channels, area);
            ops.push_back((last, LayerOp::other(to_nchw)));
        }
        let fused = fuse(ops, frozen, joins);
        let block = Block::new(fused.ops, fused.skips, fused.frozen, traces_input);
        let op_layers = fused.layers.into_iter().enumerate();
        let op_layers = op_layers.map(|(k, layers)| OpLayers {
            layers,
            products: block.products(k),
        });
        Self {
            op_layers: op_layers.collect(),
            block: Box::new(block),
            parameters,
            batch_norm_layers,
            layers: layers.len(),
        }
    }

    /// What each layer needs, with training batches of `training` images and evaluated batches of
    /// `evaluation` images, either of which may be 0. The parameters themselves come on top.
    pub fn memory(&self, training: usize, evaluation: usize) -> Vec<LayerMemory> {
        let mut layers = vec![LayerMemory::default(); self.layers];
        for (layer, memory) in self.block.memory(training, evaluation) {
            layers[layer] += memory;
        }
        layers
    }
}
