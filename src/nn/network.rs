//! The layers of a network as operations on dfdx's tape, and the tensors they own.

use super::block::{self, Block};
use super::dense::dense;
use super::ops::{
    Activation, AvgPool2d, BatchNorm, Conv2d, Dropout, GlobalAvgPool, MaxPool2d, Op, Pass,
    window::Window,
};
use super::parameter::{Parameter, ParameterTensor};
use super::{NnError, init};
use crate::spec::{Initializer, Layer, LayerSummary};
use dfdx::prelude::*;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Layers with their parameters. Activations are `[batch, values]`.
pub struct Network {
    device: Cpu,
    segments: Vec<Segment>,
    /// In the order of the layers, weight before bias.
    parameters: Vec<Parameter>,
    /// Positions of the batch norm layers.
    batch_norm_layers: Vec<usize>,
    /// Positions of the flatten layers, which need no operation.
    flatten_layers: Vec<usize>,
    input_len: usize,
    output_len: usize,
}

/// What runs as one operation on dfdx's tape.
enum Segment {
    /// Consecutive layers of ours, with the range of their parameters.
    Block(Arc<Mutex<Block>>, Range<usize>),
    /// A dense layer, with the position of its weight; its bias follows.
    Dense(usize),
}

/// A named tensor of a network, for saving and loading.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorState {
    /// Name in the equal `torch.nn.Sequential`.
    pub name: String,
    /// Dimensions; empty for a single number.
    pub shape: Vec<usize>,
    /// The values, row after row.
    pub data: TensorData,
}

/// The values of a [`TensorState`].
#[derive(Clone, Debug, PartialEq)]
pub enum TensorData {
    /// Parameters and statistics.
    F32(Vec<f32>),
    /// Counters.
    I64(Vec<i64>),
}

impl Network {
    /// The layers of `rows` (shape inference's answer for `layers`) with fresh parameters.
    ///
    /// `traces_input` asks for the gradient of the network's input too, which training never reads.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn new(
        layers: &[Layer],
        rows: &[LayerSummary],
        initializer: Initializer,
        seed: u64,
        traces_input: bool,
    ) -> Result<Self, NnError> {
        let mut builder = Builder {
            device: Cpu::default(),
            segments: Vec::new(),
            parameters: Vec::new(),
            batch_norm_layers: Vec::new(),
            flatten_layers: Vec::new(),
            pending: Vec::new(),
            pending_start: 0,
            traces_input,
            initializer,
            seed,
        };
        // Large tensors come back from dfdx's cache instead of the system, page by page, every step.
        builder.device.try_enable_cache()?;
        for (index, (layer, row)) in layers.iter().zip(rows).enumerate() {
            builder.add(index, layer, row)?;
        }
        builder.close_block();
        Ok(Self {
            device: builder.device,
            segments: builder.segments,
            parameters: builder.parameters,
            batch_norm_layers: builder.batch_norm_layers,
            flatten_layers: builder.flatten_layers,
            input_len: rows.first().map_or(0, |row| row.input.elements()),
            output_len: rows.last().map_or(0, |row| row.output.elements()),
        })
    }

    /// Values per image that come out.
    pub fn output_len(&self) -> usize {
        self.output_len
    }

    /// `pixels` `[batch, channels, height, width]` as the network's input `[batch, values]`.
    ///
    /// # Errors
    /// When the number of values is no whole number of images.
    pub fn input(&self, pixels: &[f32]) -> Result<Tensor<(usize, usize), f32, Cpu>, NnError> {
        let batch = pixels.len() / self.input_len.max(1);
        if pixels.is_empty() || batch * self.input_len != pixels.len() {
            return Err(NnError::Size {
                what: "pixels of a batch",
                expected: self.input_len * batch.max(1),
                found: pixels.len(),
            });
        }
        Ok(self
            .device
            .try_tensor_from_vec(pixels.to_vec(), (batch, self.input_len))?)
    }

    /// The output `[batch, output_len]` for `x` `[batch, input_len]`, on the tape of `x`.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn forward<T: Tape<f32, Cpu>>(
        &self,
        mut x: Tensor<(usize, usize), f32, Cpu, T>,
        pass: Pass,
    ) -> Result<Tensor<(usize, usize), f32, Cpu, T>, NnError> {
        for segment in &self.segments {
            x = self.segment_forward(segment, x, pass)?;
        }
        Ok(x)
    }

    fn segment_forward<T: Tape<f32, Cpu>>(
        &self,
        segment: &Segment,
        x: Tensor<(usize, usize), f32, Cpu, T>,
        pass: Pass,
    ) -> Result<Tensor<(usize, usize), f32, Cpu, T>, NnError> {
        match segment {
            Segment::Block(block, range) => {
                block::apply(block, x, &self.parameters[range.clone()], pass)
            }
            Segment::Dense(weight) => dense(
                x,
                &self.parameters[*weight].tensor,
                &self.parameters[weight + 1].tensor,
            ),
        }
    }

    /// The output of every layer for one image, in evaluation mode; a Flatten gives its input again.
    ///
    /// # Errors
    /// When the number of pixels does not fit or memory runs out.
    pub fn layer_outputs(&self, pixels: &[f32]) -> Result<Vec<Vec<f32>>, NnError> {
        let mut x = self.input(pixels)?;
        let mut outputs = Vec::new();
        for segment in &self.segments {
            match segment {
                Segment::Block(block, range) => {
                    let values =
                        block::layer_outputs(block, &x.as_vec(), &self.parameters[range.clone()]);
                    if let Some(last) = values.last() {
                        x = self
                            .device
                            .try_tensor_from_vec(last.clone(), (1, last.len()))?;
                    }
                    outputs.extend(values);
                }
                Segment::Dense(_) => {
                    x = self.segment_forward(segment, x, Pass::Evaluate)?;
                    outputs.push(x.as_vec());
                }
            }
        }
        for &flatten in &self.flatten_layers {
            let before = match flatten.checked_sub(1) {
                Some(before) => outputs[before].clone(),
                None => pixels.to_vec(),
            };
            outputs.insert(flatten, before);
        }
        Ok(outputs)
    }

    /// The trainable parameters, in the order of the layers.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The trainable parameters, to be changed.
    pub fn parameters_mut(&mut self) -> &mut [Parameter] {
        &mut self.parameters
    }

    fn blocks(&self) -> impl Iterator<Item = &Arc<Mutex<Block>>> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Block(block, _) => Some(block),
            Segment::Dense(_) => None,
        })
    }

    /// Everything that is saved: parameters and batch norm's statistics.
    pub fn state(&self) -> Vec<TensorState> {
        let mut state: Vec<TensorState> = self
            .parameters
            .iter()
            .map(|parameter| TensorState {
                name: parameter.name.clone(),
                shape: parameter.tensor.shape(),
                data: TensorData::F32(parameter.tensor.to_vec()),
            })
            .collect();
        let mut layers = self.batch_norm_layers.iter();
        for block in self.blocks() {
            let block = block::lock(block);
            for (statistics, layer) in block.running_statistics().zip(layers.by_ref()) {
                let mut push = |name: &str, shape: Vec<usize>, data| {
                    state.push(TensorState {
                        name: format!("{layer}.{name}"),
                        shape,
                        data,
                    });
                };
                let channels = vec![statistics.mean.len()];
                push(
                    "running_mean",
                    channels.clone(),
                    TensorData::F32(statistics.mean.clone()),
                );
                push(
                    "running_var",
                    channels,
                    TensorData::F32(statistics.variance.clone()),
                );
                push(
                    "num_batches_tracked",
                    vec![],
                    TensorData::I64(vec![statistics.batches]),
                );
            }
        }
        state
    }

    /// Takes over tensors of a state that [`Network::state`] gave for a network of the same layers.
    ///
    /// # Errors
    /// A sentence naming the first tensor that is missing, left over, or of another shape; the
    /// network is unchanged then.
    pub fn load_state(&mut self, new: &[TensorState]) -> Result<(), String> {
        let expected = self.state();
        let find = |name: &str| new.iter().find(|tensor| tensor.name == name);
        for own in &expected {
            let Some(other) = find(&own.name) else {
                return Err(format!("the tensor {:?} is missing", own.name));
            };
            let same_type =
                std::mem::discriminant(&own.data) == std::mem::discriminant(&other.data);
            if own.shape != other.shape || !same_type {
                return Err(format!(
                    "the tensor {:?} has the shape {:?} where the spec asks for {:?}",
                    own.name, other.shape, own.shape
                ));
            }
        }
        if let Some(extra) = new
            .iter()
            .find(|tensor| !expected.iter().any(|own| own.name == tensor.name))
        {
            return Err(format!(
                "the tensor {:?} belongs to no layer of the spec",
                extra.name
            ));
        }
        for parameter in &mut self.parameters {
            if let Some(TensorState {
                data: TensorData::F32(values),
                ..
            }) = find(&parameter.name)
            {
                parameter.tensor.copy_from(values);
            }
        }
        let mut layers = self.batch_norm_layers.iter();
        for block in self.blocks() {
            let mut block = block::lock(block);
            for (statistics, layer) in block.running_statistics_mut().zip(layers.by_ref()) {
                let tensor =
                    |name: &str| find(&format!("{layer}.{name}")).map(|tensor| &tensor.data);
                if let Some(TensorData::F32(mean)) = tensor("running_mean") {
                    statistics.mean.copy_from_slice(mean);
                }
                if let Some(TensorData::F32(variance)) = tensor("running_var") {
                    statistics.variance.copy_from_slice(variance);
                }
                if let Some(TensorData::I64(batches)) = tensor("num_batches_tracked") {
                    statistics.batches = batches.iter().sum();
                }
            }
        }
        Ok(())
    }
}

/// Collects layers into segments.
struct Builder {
    device: Cpu,
    segments: Vec<Segment>,
    parameters: Vec<Parameter>,
    batch_norm_layers: Vec<usize>,
    flatten_layers: Vec<usize>,
    /// Ops of the block that is being built, and the position of its first parameter.
    pending: Vec<Box<dyn Op>>,
    pending_start: usize,
    traces_input: bool,
    initializer: Initializer,
    seed: u64,
}

impl Builder {
    fn add(&mut self, index: usize, layer: &Layer, row: &LayerSummary) -> Result<(), NnError> {
        let len = row.input.elements();
        let (channels, area) = row.input.channels_and_area();
        let op: Box<dyn Op> = match *layer {
            // Values already lie one after the other.
            Layer::Flatten => {
                self.flatten_layers.push(index);
                return Ok(());
            }
            Layer::Dense { units } => {
                self.close_block();
                let weight = self.parameters.len();
                self.add_weight(index, &[units, len], len, units)?;
                self.add_vector(index, "bias", vec![0.0; units])?;
                self.segments.push(Segment::Dense(weight));
                self.pending_start = self.parameters.len();
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
                Box::new(Conv2d::new(window, out_channels))
            }
            Layer::MaxPool2d {
                kernel_size,
                stride,
                padding,
            } => Box::new(MaxPool2d::new(window(row, kernel_size, stride, padding))),
            Layer::AvgPool2d {
                kernel_size,
                stride,
                padding,
            } => Box::new(AvgPool2d::new(window(row, kernel_size, stride, padding))),
            Layer::GlobalAvgPool => Box::new(GlobalAvgPool::new(channels, area)),
            Layer::BatchNorm { eps, momentum } => {
                self.add_vector(index, "weight", vec![1.0; channels])?;
                self.add_vector(index, "bias", vec![0.0; channels])?;
                self.batch_norm_layers.push(index);
                Box::new(BatchNorm::new(channels, area, eps, momentum))
            }
            Layer::Activation(function) => Box::new(Activation::new(function, len)),
            Layer::Dropout { p } => Box::new(Dropout::new(len, p, index)),
        };
        self.pending.push(op);
        Ok(())
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
        self.parameters.push(Parameter {
            name: format!("{layer}.{name}"),
            tensor: ParameterTensor::new(&self.device, shape, values)?,
        });
        Ok(())
    }

    /// Ends the block that is being built, if there is one.
    fn close_block(&mut self) {
        if !self.pending.is_empty() {
            let propagates = self.traces_input || !self.segments.is_empty();
            let block = Block::new(std::mem::take(&mut self.pending), propagates);
            let range = self.pending_start..self.parameters.len();
            self.segments
                .push(Segment::Block(Arc::new(Mutex::new(block)), range));
        }
        self.pending_start = self.parameters.len();
    }
}

fn window(row: &LayerSummary, kernel_size: usize, stride: usize, padding: usize) -> Window {
    Window::new(row.input, row.output, kernel_size, stride, padding)
}
