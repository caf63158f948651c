//! From a spec's layers to the segments of a network: which layers become one operation.

use super::exec::{Block, Bridge};
use super::fused::norm_act_pool_dropout::{Parts, PooledActivation};
use super::layers::dense::Dense;
use super::layers::window::Window;
use super::layers::{
    Activation, AvgPool2d, BatchNorm, Dropout, GlobalAvgPool, MaxPool2d, Op, Relayout, Residual,
    conv2d,
};
use super::network::Segment;
use super::parameter::Parameter;
use super::{NnError, init};
use crate::simd::Engine;
use crate::simd::buffer::Buffer;
use crate::spec::{Initializer, Layer, LayerSummary, Shape, Skip};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Collects layers into segments.
pub struct Builder {
    initializer: Initializer,
    seed: u64,
    traces_input: bool,
    engine: Engine,
    built: Built,
    /// Layers of the block that is being built, and the position of its first parameter.
    pending: VecDeque<Pending>,
    pending_start: usize,
    /// What goes into every layer so far.
    inputs: Vec<Shape>,
    /// What the layers so far give, where that is an image in the ops' layout.
    image: Option<(usize, usize)>,
}

/// What a [`Builder`] has made.
#[derive(Default)]
pub struct Built {
    pub segments: Vec<Segment>,
    /// In the order of the layers, weight before bias.
    pub parameters: Vec<Parameter>,
    /// Positions of the batch norm layers.
    pub batch_norm_layers: Vec<usize>,
}

/// A layer that may become one op with its neighbours.
enum Pending {
    Norm(Box<BatchNorm>),
    Activation(Activation),
    Pool(MaxPool2d),
    Dropout(Dropout),
    /// It also takes what went into so many layers before it.
    Residual(Residual, usize),
    Other(Box<dyn Op>),
}

impl Builder {
    /// A builder that has seen no layer.
    pub fn new(initializer: Initializer, seed: u64, traces_input: bool, engine: Engine) -> Self {
        Self {
            initializer,
            seed,
            traces_input,
            engine,
            built: Built::default(),
            pending: VecDeque::new(),
            pending_start: 0,
            inputs: Vec::new(),
            image: None,
        }
    }

    /// The layer at `index` of the spec.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn add(&mut self, index: usize, layer: &Layer, row: &LayerSummary) -> Result<(), NnError> {
        let len = row.input.elements();
        let (channels, area) = row.input.channels_and_area();
        self.inputs.push(row.input);
        if index == 0 && area > 1 && channels > 1 {
            let op = Relayout::channels_last(channels, area);
            self.pending.push_back(Pending::Other(Box::new(op)));
        }
        self.image = match row.output {
            Shape::Image { .. } => Some(row.output.channels_and_area()),
            Shape::Flat { .. } => None,
        };
        let pending = match *layer {
            Layer::Flatten => Pending::Other(Box::new(Relayout::flatten(channels, area))),
            Layer::Dense { units } => {
                let propagates = self.traces_input || !self.built.parameters.is_empty();
                self.close_block();
                let weight = self.built.parameters.len();
                self.add_weight(index, &[units, len], len, units)?;
                self.add_vector(index, "bias", vec![0.0; units])?;
                let dense = Arc::new(Mutex::new(Dense::new(len, units, propagates, self.engine)));
                self.built.segments.push(Segment::Dense(dense, weight));
                self.pending_start = self.built.parameters.len();
                return Ok(());
            }
            Layer::Conv2d {
                out_channels,
                kernel_size,
                stride,
                padding,
            } => {
                let window = window(row, kernel_size, stride, padding);
                let shape = [out_channels, channels, kernel_size, kernel_size];
                let (fan_in, fan_out) = (
                    channels * kernel_size * kernel_size,
                    out_channels * kernel_size * kernel_size,
                );
                self.add_weight(index, &shape, fan_in, fan_out)?;
                self.add_vector(index, "bias", vec![0.0; out_channels])?;
                Pending::Other(conv2d(window, out_channels, self.engine))
            }
            Layer::MaxPool2d {
                kernel_size,
                stride,
                padding,
            } => Pending::Pool(MaxPool2d::new(window(row, kernel_size, stride, padding))),
            Layer::AvgPool2d {
                kernel_size,
                stride,
                padding,
            } => {
                let window = window(row, kernel_size, stride, padding);
                Pending::Other(Box::new(AvgPool2d::new(window)))
            }
            Layer::GlobalAvgPool => Pending::Other(Box::new(GlobalAvgPool::new(channels, area))),
            Layer::BatchNorm { eps, momentum } => {
                self.add_vector(index, "weight", vec![1.0; channels])?;
                self.add_vector(index, "bias", vec![0.0; channels])?;
                self.built.batch_norm_layers.push(index);
                Pending::Norm(Box::new(BatchNorm::new(channels, area, eps, momentum)))
            }
            Layer::Activation(function) => Pending::Activation(Activation::new(function, len)),
            Layer::Dropout { p } => Pending::Dropout(Dropout::new(len, p, index)),
            Layer::Residual { span } => {
                let projection = self.projection(index, span, row)?;
                Pending::Residual(Residual::new(len, projection), span)
            }
        };
        self.pending.push_back(pending);
        Ok(())
    }

    /// What brings the input of the `span` layers before `row` to its shape, unless it has it already.
    fn projection(
        &mut self,
        index: usize,
        span: usize,
        row: &LayerSummary,
    ) -> Result<Option<Box<dyn Op>>, NnError> {
        let source = self.inputs[index - span];
        // Shape inference has let the layer through.
        let Ok(Skip::Projection { stride }) = Skip::between(source, row.input) else {
            return Ok(None);
        };
        let (channels, _) = source.channels_and_area();
        let (out_channels, _) = row.input.channels_and_area();
        let window = Window::new(source, row.input, 1, stride, 0);
        let shape = [out_channels, channels, 1, 1];
        self.add_weight(index, &shape, channels, out_channels)?;
        self.add_vector(index, "bias", vec![0.0; out_channels])?;
        Ok(Some(conv2d(window, out_channels, self.engine)))
    }

    /// All layers have been added.
    pub fn finish(mut self) -> Built {
        if let Some((channels, area)) = self.image {
            self.pending
                .push_back(Pending::Other(Box::new(Relayout::channels_first(
                    channels, area,
                ))));
        }
        self.close_block();
        self.built
    }

    fn add_weight(
        &mut self,
        layer: usize,
        shape: &[usize],
        fan_in: usize,
        fan_out: usize,
    ) -> Result<(), NnError> {
        let count = shape.iter().product();
        let values = init::weights(self.initializer, count, fan_in, fan_out, self.seed, layer);
        self.push_parameter(layer, "weight", shape, values)
    }

    fn add_vector(&mut self, layer: usize, name: &str, values: Vec<f32>) -> Result<(), NnError> {
        self.push_parameter(layer, name, &[values.len()], values)
    }

    fn push_parameter(
        &mut self,
        layer: usize,
        name: &str,
        shape: &[usize],
        values: Vec<f32>,
    ) -> Result<(), NnError> {
        self.built.parameters.push(Parameter {
            name: format!("{layer}.{name}"),
            shape: shape.to_vec(),
            values: Buffer::from(&values[..]),
        });
        Ok(())
    }

    /// Ends the block that is being built, if there is one.
    fn close_block(&mut self) {
        if !self.pending.is_empty() {
            let propagates = self.traces_input || !self.built.segments.is_empty();
            let (ops, bridges) = join(std::mem::take(&mut self.pending));
            let block = Block::new(ops, bridges, propagates);
            let range = self.pending_start..self.built.parameters.len();
            self.built
                .segments
                .push(Segment::Block(Arc::new(Mutex::new(block)), range));
        }
        self.pending_start = self.built.parameters.len();
    }
}

fn window(row: &LayerSummary, kernel_size: usize, stride: usize, padding: usize) -> Window {
    Window::new(row.input, row.output, kernel_size, stride, padding)
}

/// The layers as ops, as many as can be in one, and the bridges over them.
fn join(mut layers: VecDeque<Pending>) -> (Vec<Box<dyn Op>>, Vec<Bridge>) {
    let residuals: Vec<(usize, usize)> = layers
        .iter()
        .enumerate()
        .filter_map(|(at, layer)| match layer {
            Pending::Residual(_, span) => Some((at - span, at)),
            _ => None,
        })
        .collect();
    let all = layers.len();
    let mut ops: Vec<Box<dyn Op>> = Vec::new();
    // The op that each layer is, or is a part of.
    let mut op_of = Vec::with_capacity(all);
    while !layers.is_empty() {
        let at = all - layers.len();
        // What goes over a bridge is seen between two ops only.
        let begins = residuals.iter().map(|(from, _)| *from);
        let reach = begins.filter(|from| *from > at).min().unwrap_or(all) - at;
        // [batch norm] [activation] max pooling [dropout]
        let is_norm = matches!(layers.front(), Some(Pending::Norm(_)));
        let is_activation = matches!(
            layers.get(usize::from(is_norm)),
            Some(Pending::Activation(_))
        );
        let before = usize::from(is_norm) + usize::from(is_activation);
        if before >= reach || !matches!(layers.get(before), Some(Pending::Pool(_))) {
            op_of.push(ops.len());
            ops.extend(layers.pop_front().map(Pending::into_op));
            continue;
        }
        let norm = take(&mut layers, Pending::norm);
        let activation = take(&mut layers, Pending::activation);
        let Some(pool) = take(&mut layers, Pending::pool) else {
            unreachable!("the pooling was seen above");
        };
        let dropout = if before + 1 < reach {
            take(&mut layers, Pending::dropout)
        } else {
            None
        };
        let parts = Parts {
            norm,
            activation,
            pool,
            dropout,
        };
        let taken = all - layers.len() - at;
        match PooledActivation::new(parts) {
            Ok(op) => {
                op_of.extend(std::iter::repeat_n(ops.len(), taken));
                ops.push(Box::new(op));
            }
            Err(parts) => {
                op_of.extend(ops.len()..ops.len() + taken);
                ops.extend(parts.into_ops());
            }
        }
    }
    let bridge = |(from, to): (usize, usize)| Bridge {
        from: op_of[from],
        to: op_of[to],
    };
    let bridges = residuals.into_iter().map(bridge).collect();
    (ops, bridges)
}

/// The first layer, if it is of the kind that `of_kind` lets through.
fn take<T>(
    layers: &mut VecDeque<Pending>,
    of_kind: impl FnOnce(Pending) -> Result<T, Pending>,
) -> Option<T> {
    match of_kind(layers.pop_front()?) {
        Ok(layer) => Some(layer),
        Err(other) => {
            layers.push_front(other);
            None
        }
    }
}

impl Pending {
    fn norm(self) -> Result<Box<BatchNorm>, Self> {
        match self {
            Self::Norm(op) => Ok(op),
            other => Err(other),
        }
    }

    fn activation(self) -> Result<Activation, Self> {
        match self {
            Self::Activation(op) => Ok(op),
            other => Err(other),
        }
    }

    fn pool(self) -> Result<MaxPool2d, Self> {
        match self {
            Self::Pool(op) => Ok(op),
            other => Err(other),
        }
    }

    fn dropout(self) -> Result<Dropout, Self> {
        match self {
            Self::Dropout(op) => Ok(op),
            other => Err(other),
        }
    }

    fn into_op(self) -> Box<dyn Op> {
        match self {
            Self::Norm(op) => op,
            Self::Activation(op) => Box::new(op),
            Self::Pool(op) => Box::new(op),
            Self::Dropout(op) => Box::new(op),
            Self::Residual(op, _) => Box::new(op),
            Self::Other(op) => op,
        }
    }
}
