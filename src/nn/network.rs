//! The layers of a network as an operation on dfdx's tape, and the parameters they own.

use super::NnError;
use super::build::{Plan, PlannedParameter};
use super::exec;
use super::exec::{Block, EachLayer};
use super::init;
use super::io::state::{TensorData, TensorState, TensorView};
use super::layers::relayout::transpose;
use super::layers::{Pass, Start};
use super::parameter::{Gradients, Parameter};
use super::profile::{OpLayers, Profile, Recorder};
use super::tensor::Outputs;
use crate::simd::Engine;
use crate::simd::buffer::Buffer;
use crate::spec::{Initializer, Layer, LayerSummary, Shape};
use dfdx::prelude::*;
use std::sync::{Arc, Mutex};

/// Layers with their parameters. Activations are `[batch, values]`.
pub struct Network {
    device: Cpu,
    block: Arc<Mutex<Block>>,
    /// In the order of the layers, weight before bias. Shared with the tape while there is one.
    parameters: Arc<Vec<Parameter>>,
    gradients: Gradients,
    /// How many of the parameters, the first ones, do not learn.
    frozen_parameters: usize,
    /// The layer of each parameter.
    parameter_layers: Vec<usize>,
    /// Positions of the batch norm layers.
    batch_norm_layers: Vec<usize>,
    recorder: Arc<Recorder>,
    /// What each op stands for.
    op_layers: Vec<OpLayers>,
    /// The output's shape of every layer.
    shapes: Vec<Shape>,
    input_len: usize,
    output_len: usize,
}

/// A parameter with its first values.
fn fresh_parameter(
    PlannedParameter { layer, shape }: &PlannedParameter,
    initializer: Initializer,
    seed: u64,
) -> Parameter {
    let count = shape.elements();
    let values = match shape.start {
        Start::Random { fan_in, fan_out } => {
            init::weights(initializer, count, fan_in, fan_out, seed, *layer)
        }
        Start::Ones => vec![1.0; count],
        Start::Zeros => vec![0.0; count],
    };
    Parameter {
        name: format!("{layer}.{}", shape.name),
        shape: shape.shape.clone(),
        values: Buffer::from(&values[..]),
    }
}

impl Drop for Network {
    /// dfdx never frees what is in a device's cache. Tensors that outlive this network are
    /// freed as usual once the cache is off.
    fn drop(&mut self) {
        // Fails only where there is no cache.
        let _ = self.device.try_disable_cache();
    }
}

impl Network {
    /// The layers of `rows` (shape inference's answer for `layers`) with fresh parameters.
    ///
    /// With `traces_input` the gradient of the network's input is computed too; training never reads
    /// it.
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
        let engine = Engine::f32();
        Self::with_engine(layers, rows, 0, initializer, seed, traces_input, engine)
    }

    /// The same, its products done by `engine`, and the first `frozen` layers as in evaluation: they do
    /// not learn.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn with_engine(
        layers: &[Layer],
        rows: &[LayerSummary],
        frozen: usize,
        initializer: Initializer,
        seed: u64,
        traces_input: bool,
        engine: Engine,
    ) -> Result<Self, NnError> {
        let device = Cpu::default();
        // Large tensors come back from dfdx's cache instead of the system, page by page, every step.
        device.try_enable_cache()?;
        let mut plan = Plan::new(layers, rows, frozen, traces_input, engine);
        let frozen_parameters = plan.parameters.iter().filter(|one| one.layer < frozen);
        let frozen_parameters = frozen_parameters.count();
        let parameters = plan.parameters.iter();
        let parameters = parameters.map(|planned| fresh_parameter(planned, initializer, seed));
        let parameters: Arc<Vec<Parameter>> = Arc::new(parameters.collect());
        plan.block.allocate();
        Ok(Self {
            device,
            parameters,
            recorder: Arc::clone(plan.block.recorder()),
            op_layers: plan.op_layers,
            block: Arc::new(Mutex::new(*plan.block)),
            gradients: Gradients::default(),
            frozen_parameters,
            parameter_layers: plan.parameters.iter().map(|one| one.layer).collect(),
            batch_norm_layers: plan.batch_norm_layers,
            shapes: rows.iter().map(|row| row.output).collect(),
            input_len: rows.first().map_or(0, |row| row.input.elements()),
            output_len: rows.last().map_or(0, |row| row.output.elements()),
        })
    }

    /// Values per image that come out.
    pub fn output_len(&self) -> usize {
        self.output_len
    }

    /// The number of images in `pixels`, `[batch, channels, height, width]`.
    ///
    /// # Errors
    /// When the number of values is no whole number of images.
    pub fn images(&self, pixels: &[f32]) -> Result<usize, NnError> {
        let batch = pixels.len() / self.input_len.max(1);
        if pixels.is_empty() || batch * self.input_len != pixels.len() {
            return Err(NnError::Size {
                what: "pixels of a batch",
                expected: self.input_len * batch.max(1),
                found: pixels.len(),
            });
        }
        Ok(batch)
    }

    /// The output `[batch, output_len]` for `pixels` `[batch, channels, height, width]`, at the start of
    /// a tape. The backward pass of that tape fills [`gradients`](Self::gradients).
    ///
    /// # Errors
    /// When the number of pixels does not fit or memory runs out.
    pub fn forward(&self, pixels: &[f32], pass: Pass) -> Result<Outputs, NnError> {
        self.images(pixels)?;
        let (parameters, gradients) = (&self.parameters, &self.gradients);
        exec::apply(
            &self.block,
            pixels,
            &self.device,
            parameters,
            gradients,
            pass,
        )
    }

    /// The output `[batch, output_len]` for `pixels` `[batch, channels, height, width]` in evaluation
    /// mode.
    ///
    /// # Errors
    /// When the number of pixels does not fit.
    pub fn evaluate(&self, pixels: &[f32]) -> Result<Vec<f32>, NnError> {
        self.images(pixels)?;
        Ok(exec::evaluate(&self.block, pixels, &self.parameters))
    }

    /// The gradient of the pixels after a backward pass, for a network that traces its input.
    pub fn input_gradient(&self) -> Vec<f32> {
        exec::lock(&self.block).input_gradient().to_vec()
    }

    /// The output of every layer for one image, in evaluation mode; that of a Flatten is its input.
    ///
    /// # Errors
    /// When the number of pixels does not fit.
    pub fn layer_outputs(&self, pixels: &[f32]) -> Result<Vec<Vec<f32>>, NnError> {
        self.images(pixels)?;
        let mut outputs = exec::trace(&self.block, pixels, &self.parameters);
        for (output, shape) in outputs.iter_mut().zip(&self.shapes) {
            let (_, area) = shape.channels_and_area();
            if area > 1 {
                let mut channels_first = vec![0.0; output.len()];
                transpose(output, area, &mut channels_first);
                *output = channels_first;
            }
        }
        Ok(outputs)
    }

    /// Shows `visit` what every layer makes of `pixels` `[batch, channels, height, width]`: its position and its
    /// output, images as `[height, width, channels]`. `layers` are those of this network; batch norm takes the
    /// statistics that `pass` asks for, and what this network holds stays as it is.
    ///
    /// # Errors
    /// When the number of pixels does not fit.
    pub fn visit_layers(
        &self,
        layers: &mut EachLayer,
        pixels: &[f32],
        pass: Pass,
        visit: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<(), NnError> {
        self.images(pixels)?;
        layers.use_statistics(exec::lock(&self.block).running_statistics());
        layers.visit(pixels, &self.parameters, pass, visit);
        Ok(())
    }

    /// Does `work`, after which batch norm's statistics are as they were before.
    pub fn keeping_statistics<T>(&self, work: impl FnOnce() -> T) -> T {
        let kept: Vec<_> = exec::lock(&self.block)
            .running_statistics()
            .cloned()
            .collect();
        let result = work();
        let mut block = exec::lock(&self.block);
        for (statistics, kept) in block.running_statistics_mut().zip(kept) {
            *statistics = kept;
        }
        result
    }

    /// The position of the layer that each of the [`parameters`](Self::parameters) belongs to.
    pub fn parameter_layers(&self) -> &[usize] {
        &self.parameter_layers
    }

    /// The trainable parameters, in the order of the layers.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The trainable parameters, to be changed.
    pub fn parameters_mut(&mut self) -> &mut [Parameter] {
        Arc::make_mut(&mut self.parameters).as_mut_slice()
    }

    /// The parameters' gradients, in the same order, of the last backward pass; none before the first.
    pub fn gradients(&self) -> &Gradients {
        &self.gradients
    }

    /// The trainable parameters, to be changed, and their gradients.
    pub fn parameters_and_gradients(&mut self) -> (&mut [Parameter], &Gradients) {
        let parameters = Arc::make_mut(&mut self.parameters).as_mut_slice();
        (parameters, &self.gradients)
    }

    /// How many of the parameters, the first ones, do not learn.
    pub fn frozen_parameters(&self) -> usize {
        self.frozen_parameters
    }

    /// What records where the time of training steps goes.
    pub fn recorder(&self) -> &Arc<Recorder> {
        &self.recorder
    }

    /// What each op stands for.
    pub fn op_layers(&self) -> &[OpLayers] {
        &self.op_layers
    }

    /// Where the time of the training steps went that were recorded since the last time, for the layers
    /// `rows`; none if no step was.
    pub fn take_profile(&self, rows: &[LayerSummary]) -> Option<Profile> {
        Profile::of(&self.recorder.take(), &self.op_layers, rows)
    }

    /// Everything that is saved: parameters and batch norm's statistics.
    pub fn state(&self) -> Vec<TensorState> {
        let mut state: Vec<TensorState> = self
            .parameters
            .iter()
            .map(|parameter| TensorState {
                name: parameter.name.clone(),
                shape: parameter.shape.clone(),
                data: TensorData::F32(parameter.values.to_vec()),
            })
            .collect();
        let mut layers = self.batch_norm_layers.iter();
        let block = exec::lock(&self.block);
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
        state
    }

    /// Calls `visit` with every tensor of [`Network::state`], in the same order, without copying them.
    pub fn visit_state(&self, visit: &mut dyn FnMut(TensorView<'_>)) {
        for parameter in self.parameters.iter() {
            visit(TensorView::F32(&parameter.values));
        }
        for statistics in exec::lock(&self.block).running_statistics() {
            visit(TensorView::F32(&statistics.mean));
            visit(TensorView::F32(&statistics.variance));
            visit(TensorView::Count(statistics.batches));
        }
    }

    /// Takes over the tensors of a network of the same layers, as [`Network::state`] returned them.
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
        for parameter in Arc::make_mut(&mut self.parameters) {
            if let Some(TensorState {
                data: TensorData::F32(values),
                ..
            }) = find(&parameter.name)
            {
                parameter.values.copy_from(values);
            }
        }
        let mut layers = self.batch_norm_layers.iter();
        let mut block = exec::lock(&self.block);
        for (statistics, layer) in block.running_statistics_mut().zip(layers.by_ref()) {
            let tensor = |name: &str| find(&format!("{layer}.{name}")).map(|tensor| &tensor.data);
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
        Ok(())
    }
}
