//! Convolution with bf16 operands: images are rounded, never copied as windows or transformed.
//!
//! The sums of a weight's gradient that is larger than the nearest caches are read and written for every few
//! images that come between the other layers, which would take longer than the products. Such a layer takes
//! the whole batch.

use super::bias::{add_bias_gradient, bias_gradient};
use super::images::images_at_once;
use super::parameters::{parameters, write_gradients};
use super::weight_gradient::write_weight_gradient;
use crate::nn::layers::memory::{OpMemory, f32_bytes};
use crate::nn::layers::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::window::Window;
use crate::nn::parameter::Parameter;
use crate::parallel::Metered;
use crate::simd::bf16::{Convolution, ConvolutionScratch, ConvolutionShape, Unit};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, Engine};
use rayon::prelude::*;

/// Bytes of a weight's gradient from which on the whole batch goes through at once.
const LARGE_WEIGHT: usize = 256 << 10;

/// Bytes of the operands of the weight's gradient that are multiplied at a time: they stay in a core's cache.
const OPERAND_BYTES: usize = 1 << 20;

/// How many images come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// A few, between the other layers.
    Few,
    /// All of the batch; operands of the weight's gradient of about so many bytes are multiplied at a time.
    Whole(usize),
}

impl Batch {
    /// What is faster.
    pub fn of(window: &Window, out_channels: usize) -> Self {
        let area = window.kernel_size * window.kernel_size;
        match size_of::<f32>() * area * window.channels * out_channels >= LARGE_WEIGHT {
            true => Self::Whole(OPERAND_BYTES),
            false => Self::Few,
        }
    }
}

/// Convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]` on a bf16 unit.
pub struct DirectConv2d {
    window: Window,
    out_channels: usize,
    convolution: Convolution,
    batch: Batch,
    arch: Arch,
}

impl DirectConv2d {
    /// Whether it can do these convolutions.
    pub fn applies_to(window: &Window) -> bool {
        window.stride == 1 && window.padding < window.kernel_size
    }

    /// A convolution over these windows, to which it [applies](Self::applies_to), on the `unit` of `engine`.
    pub fn new(
        window: Window,
        out_channels: usize,
        unit: Unit,
        engine: Engine,
        batch: Batch,
    ) -> Self {
        Self {
            window,
            out_channels,
            convolution: convolution(&window, out_channels, unit),
            batch,
            arch: engine.arch(),
        }
    }

    /// [`Convolution::products`] of such a convolution.
    pub fn products(window: &Window, out_channels: usize, unit: Unit) -> [usize; 2] {
        convolution(window, out_channels, unit).products()
    }
}

fn convolution(window: &Window, out_channels: usize, unit: Unit) -> Convolution {
    let shape = ConvolutionShape {
        channels: window.channels,
        out_channels,
        height: window.height,
        width: window.width,
        kernel_size: window.kernel_size,
        padding: window.padding,
    };
    Convolution::new(unit, shape)
}

impl Op for DirectConv2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.out_channels * self.window.out_area()
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        parameters(&self.window, self.out_channels)
    }

    fn memory(&self) -> OpMemory {
        let weights = self.convolution.weight_bytes() + f32_bytes(self.out_channels);
        match self.batch {
            Batch::Few => {
                let images = images_at_once(&self.window, self.out_channels);
                OpMemory {
                    weights,
                    scratch: self.convolution.scratch_bytes(images),
                    ..OpMemory::default()
                }
            }
            Batch::Whole(bytes) => OpMemory {
                weights,
                batch_scratch: self.convolution.batch_scratch_bytes(bytes)
                    + f32_bytes(self.convolution.weight_len()),
                ..OpMemory::default()
            },
        }
    }

    fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        let [weight, bias] = parameters else { return };
        let for_training = pass != Pass::Evaluate;
        let (weight, bias) = (&weight.values, &bias.values);
        self.convolution.pack(weight, bias, for_training);
    }

    fn takes_whole_batch(&self) -> bool {
        self.batch != Batch::Few
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], scratch: &mut Scratch) {
        if !self.takes_whole_batch() {
            return self.convolution.forward(x, y, &mut scratch.rounded);
        }
        let images = y.par_chunks_mut(self.output_len());
        let images = images.zip(x.par_chunks(self.input_len()));
        images.for_each_init_metered(ConvolutionScratch::default, |scratch, (y, x)| {
            self.convolution.forward(x, y, scratch);
        });
    }

    fn gradient_lens(&self) -> Vec<usize> {
        match self.batch {
            Batch::Few => vec![self.convolution.weight_len(), self.out_channels],
            Batch::Whole(_) => Vec::new(),
        }
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        let Saved { x, dy, .. } = saved;
        let [weight, bias] = gradients else {
            let scratch = &mut scratch.rounded;
            return self.convolution.backward(x, dy, dx, None, scratch);
        };
        match self.batch {
            Batch::Few => {
                let (sums, scratch) = (Some(&mut weight[..]), &mut scratch.rounded);
                self.convolution.backward(x, dy, dx, sums, scratch);
                add_bias_gradient(self.arch, dy, bias);
            }
            Batch::Whole(bytes) => {
                let sums = scratch.output.size(self.convolution.weight_len());
                let rounded = &mut scratch.rounded;
                self.convolution
                    .backward_of_batch(x, dy, dx, sums, bytes, rounded);
                let area = self.window.kernel_size * self.window.kernel_size;
                write_weight_gradient(sums, self.window.channels, area, weight);
                bias_gradient(self.arch, dy, self.output_len(), bias);
            }
        }
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        write_gradients(&self.window, sums, gradients);
    }
}
