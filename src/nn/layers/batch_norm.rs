//! Batch normalisation (Ioffe & Szegedy 2015, <https://arxiv.org/abs/1502.03167>).
//!
//! `y = weight · (x - mean) / √(variance + eps) + bias` per channel. Training takes mean and variance
//! of the batch (divided by n) and moves the running ones towards them (variance divided by n - 1);
//! evaluation takes the running ones.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::memory::{OpMemory, f32_bytes};
use super::op::{Op, Partial, Pass, Place, Saved, Scratch};
use super::parameter_shape::ParameterShape;
use super::running_statistics::RunningStatistics;
use crate::nn::onnx::{OnnxAttribute, OnnxGraph};
use crate::nn::parameter::Parameter;
use crate::nn::python::{PythonLayer, keras_name};
use crate::simd::buffer::Buffer;
use crate::simd::channel_blocks::{ask_for_block, block, block_ahead, for_each_block};
use crate::simd::{Arch, on_vectors};
use crate::spec::Shape;

/// Pixels whose sum is taken by itself before it is added to the others: sums of many values lose
/// digits.
const PIXELS_AT_ONCE: usize = 64;

/// How many values ahead of those that are computed others are asked for.
const AHEAD: usize = 2048;

/// Normalises each channel of `[area, channels]`; after a dense layer `area` is 1.
pub struct BatchNorm {
    channels: usize,
    area: usize,
    eps: f64,
    momentum: f64,
    /// γ, `[channels]`.
    weight: Vec<f32>,
    /// β, `[channels]`.
    bias: Vec<f32>,
    running: RunningStatistics,
    /// The mean and 1/σ that this pass normalises with, `[channels]`.
    mean: Vec<f32>,
    inverse_std: Vec<f32>,
    forward: ForwardAffine,
    backward: BackwardAffine,
    arch: Arch,
}

/// The forward pass as `y = scale · x + shift`, `[channels]` each.
#[derive(Default)]
pub struct ForwardAffine {
    /// γ/σ.
    pub scale: Vec<f32>,
    /// β - mean · γ/σ.
    pub shift: Vec<f32>,
}

/// The backward pass as `dx = scale · dy + slope · x + shift`, `[channels]` each.
#[derive(Default)]
pub struct BackwardAffine {
    /// Factor of the output's gradient.
    pub scale: Vec<f32>,
    /// Factor of the input.
    pub slope: Vec<f32>,
    /// Summand.
    pub shift: Vec<f32>,
}

/// Values, mean and sum of squared distances from the mean.
#[derive(Clone, Copy)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of both together (Chan, Golub & LeVeque 1983).
    fn merge(self, other: Self) -> Self {
        let count = self.count + other.count;
        let delta = other.mean - self.mean;
        let share = other.count / count;
        Self {
            count,
            mean: self.mean + delta * share,
            squares: self.squares + other.squares + delta * delta * self.count * share,
        }
    }
}

impl BatchNorm {
    /// Of `channels` channels with `area` values each.
    pub fn new(channels: usize, area: usize, eps: f64, momentum: f64) -> Self {
        Self {
            channels,
            area,
            eps,
            momentum,
            weight: Vec::new(),
            bias: Vec::new(),
            running: RunningStatistics::new(0),
            mean: Vec::new(),
            inverse_std: Vec::new(),
            forward: ForwardAffine::default(),
            backward: BackwardAffine::default(),
            arch: Arch::new(),
        }
    }

    /// What the forward pass does to a value; known after [`Op::conclude`].
    pub fn forward_affine(&self) -> &ForwardAffine {
        &self.forward
    }

    /// What the backward pass does to a gradient; known after [`Op::conclude_gradient`].
    pub fn backward_affine(&self) -> &BackwardAffine {
        &self.backward
    }

    /// The mean this pass normalises with, `[channels]`.
    pub fn mean(&self) -> &[f32] {
        &self.mean
    }

    fn normalize_with(&mut self, channel: usize, mean: f64, variance: f64) {
        let inverse_std = (variance + self.eps).sqrt().recip();
        let scale = f64::from(self.weight[channel]) * inverse_std;
        self.mean[channel] = mean as f32;
        self.inverse_std[channel] = inverse_std as f32;
        self.forward.scale[channel] = scale as f32;
        self.forward.shift[channel] = (f64::from(self.bias[channel]) - mean * scale) as f32;
    }
}

/// Per channel of a block, the sums over all pixels of what `add(parts, start)` adds to `parts` for the
/// block's values that begin at `start`; a few pixels at a time are summed in `parts` by themselves.
#[inline(always)]
fn sum_pixels<const SUMS: usize, const LANES: usize>(
    len: usize,
    channels: usize,
    first: usize,
    add: impl Fn(&mut [[f32; LANES]; SUMS], usize),
) -> [[f32; LANES]; SUMS] {
    let mut sums = [[0.0; LANES]; SUMS];
    for group in (0..len).step_by(PIXELS_AT_ONCE * channels) {
        let mut parts = [[0.0; LANES]; SUMS];
        let end = len.min(group + PIXELS_AT_ONCE * channels);
        for pixel in (group..end).step_by(channels) {
            add(&mut parts, pixel + first);
        }
        for (sums, parts) in sums.iter_mut().zip(parts) {
            for lane in 0..LANES {
                sums[lane] += parts[lane];
            }
        }
    }
    sums
}

/// Writes each channel's mean and sum of squared distances from it. Two passes over values that are in
/// the cache: no cancellation, as in Σx² - (Σx)²/n.
#[inline(always)]
fn moments(x: &[f32], mean: &mut [f32], squares: &mut [f32]) {
    let channels = mean.len();
    let pixels = (x.len() / channels) as f32;
    for_each_block!(channels, |first, LANES| {
        let [mut means] = sum_pixels::<1, LANES>(
            x.len(),
            channels,
            first,
            #[inline(always)]
            |[part], start| {
                let x = block::<_, LANES>(x, start);
                for lane in 0..LANES {
                    part[lane] += x[lane];
                }
            },
        );
        for lane in 0..LANES {
            means[lane] /= pixels;
        }
        let [distances] = sum_pixels::<1, LANES>(
            x.len(),
            channels,
            first,
            #[inline(always)]
            |[part], start| {
                let x = block::<_, LANES>(x, start);
                for lane in 0..LANES {
                    let distance = x[lane] - means[lane];
                    part[lane] += distance * distance;
                }
            },
        );
        mean[first..first + LANES].copy_from_slice(&means);
        squares[first..first + LANES].copy_from_slice(&distances);
    });
}

/// Writes each channel's Σ dy and Σ dy·(x - mean).
#[inline(always)]
fn gradient_sums(x: &[f32], dy: &[f32], mean: &[f32], sums: &mut [f32], products: &mut [f32]) {
    let channels = mean.len();
    for_each_block!(channels, |first, LANES| {
        let mean = block::<_, LANES>(mean, first);
        let [sum, product] = sum_pixels::<2, LANES>(
            dy.len(),
            channels,
            first,
            #[inline(always)]
            |[sum, product], start| {
                let x = block_ahead::<_, LANES>(x, start, AHEAD);
                let dy = block_ahead::<_, LANES>(dy, start, AHEAD);
                for lane in 0..LANES {
                    sum[lane] += dy[lane];
                    product[lane] += dy[lane] * (x[lane] - mean[lane]);
                }
            },
        );
        sums[first..first + LANES].copy_from_slice(&sum);
        products[first..first + LANES].copy_from_slice(&product);
    });
}

#[inline(always)]
fn apply_forward(line: &ForwardAffine, x: &[f32], y: &mut [f32]) {
    let channels = line.scale.len();
    for (x, y) in x.chunks_exact(channels).zip(y.chunks_exact_mut(channels)) {
        for_each_block!(channels, |first, LANES| {
            let x = block_ahead::<_, LANES>(x, first, AHEAD);
            ask_for_block::<_, LANES>(y, first + AHEAD);
            let scale = block::<_, LANES>(&line.scale, first);
            let shift = block::<_, LANES>(&line.shift, first);
            let mut values = [0.0; LANES];
            for lane in 0..LANES {
                values[lane] = x[lane] * scale[lane] + shift[lane];
            }
            y[first..first + LANES].copy_from_slice(&values);
        });
    }
}

#[inline(always)]
fn apply_backward(line: &BackwardAffine, x: &[f32], dy: &[f32], dx: &mut [f32]) {
    let channels = line.scale.len();
    let pixels = x.chunks_exact(channels).zip(dy.chunks_exact(channels));
    for ((x, dy), dx) in pixels.zip(dx.chunks_exact_mut(channels)) {
        for_each_block!(channels, |first, LANES| {
            let x = block_ahead::<_, LANES>(x, first, AHEAD);
            let dy = block_ahead::<_, LANES>(dy, first, AHEAD);
            let scale = block::<_, LANES>(&line.scale, first);
            let slope = block::<_, LANES>(&line.slope, first);
            let shift = block::<_, LANES>(&line.shift, first);
            let mut values = [0.0; LANES];
            for lane in 0..LANES {
                values[lane] = scale[lane] * dy[lane] + (slope[lane] * x[lane] + shift[lane]);
            }
            dx[first..first + LANES].copy_from_slice(&values);
        });
    }
}

/// The layer at `index` of a spec, on values of this shape, as Python code.
pub fn python(shape: Shape, eps: f64, momentum: f64, index: usize) -> PythonLayer {
    let kind = match shape {
        Shape::Image { .. } => "nn.BatchNorm2d",
        Shape::Flat { .. } => "nn.BatchNorm1d",
    };
    let (channels, _) = shape.channels_and_area();
    // Keras's momentum is the share that stays.
    let (stays, name) = (1.0 - momentum, keras_name(index));
    PythonLayer::new(
        format!("{kind}({channels}, eps={eps:?}, momentum={momentum:?})"),
        format!("layers.BatchNormalization(momentum={stays:?}, epsilon={eps:?}, {name})"),
    )
}

/// Adds the layer, with its running statistics, to a graph.
pub fn onnx(eps: f64, graph: &mut OnnxGraph, x: &str) -> String {
    let names = ["weight", "bias", "running_mean", "running_var"];
    let [weight, bias, mean, variance] = names.map(|name| graph.parameter(name));
    let attributes = vec![("epsilon", OnnxAttribute::Float(eps as f32))];
    graph.node(
        "BatchNormalization",
        &[x, &weight, &bias, &mean, &variance],
        attributes,
    )
}

impl Op for BatchNorm {
    fn input_len(&self) -> usize {
        self.channels * self.area
    }

    fn output_len(&self) -> usize {
        self.channels * self.area
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        vec![
            ParameterShape::scale(self.channels),
            ParameterShape::bias(self.channels),
        ]
    }

    fn memory(&self) -> OpMemory {
        /// Vectors `[channels]` that the struct holds.
        const VECTORS: usize = 11;
        OpMemory {
            weights: f32_bytes(VECTORS * self.channels),
            ..OpMemory::default()
        }
    }

    /// Scale 1, shift 0, running mean 0 and variance 1.
    fn allocate(&mut self) {
        let fill = |value| vec![value; self.channels];
        (self.weight, self.bias) = (fill(1.0), fill(0.0));
        (self.mean, self.inverse_std) = (fill(0.0), fill(1.0));
        (self.forward.scale, self.forward.shift) = (fill(1.0), fill(0.0));
        self.running = RunningStatistics::new(self.channels);
    }

    fn prepare(&mut self, parameters: &[Parameter], _: Pass) {
        if let [weight, bias] = parameters {
            self.weight.copy_from_slice(&weight.values);
            self.bias.copy_from_slice(&bias.values);
        }
    }

    fn statistics_len(&self) -> usize {
        2 * self.channels
    }

    fn observe(&self, x: &[f32], sums: &mut [f32]) {
        let (mean, squares) = sums.split_at_mut(self.channels);
        on_vectors!(self.arch, moments(x, mean, squares));
    }

    fn conclude(&mut self, partials: &[Partial<'_>]) {
        for channel in 0..self.channels {
            let parts = partials.iter().map(|partial| Moments {
                count: (partial.images * self.area) as f64,
                mean: f64::from(partial.sums[channel]),
                squares: f64::from(partial.sums[self.channels + channel]),
            });
            let Some(Moments {
                count,
                mean,
                squares,
            }) = parts.reduce(Moments::merge)
            else {
                continue;
            };
            self.normalize_with(channel, mean, squares / count);
            // The unbiased variance of a single value is undefined.
            let unbiased = squares / (count - 1.0).max(1.0);
            let follow = |old: f32, new: f64| {
                (f64::from(old) + self.momentum * (new - f64::from(old))) as f32
            };
            self.running.mean[channel] = follow(self.running.mean[channel], mean);
            self.running.variance[channel] = follow(self.running.variance[channel], unbiased);
        }
        self.running.batches += 1;
    }

    fn use_running_statistics(&mut self) {
        for channel in 0..self.channels {
            let mean = f64::from(self.running.mean[channel]);
            let variance = f64::from(self.running.variance[channel]);
            self.normalize_with(channel, mean, variance);
        }
        // Constants have no gradient: what comes back is scaled and nothing more.
        self.backward = BackwardAffine {
            scale: self.forward.scale.clone(),
            slope: vec![0.0; self.channels],
            shift: vec![0.0; self.channels],
        };
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        on_vectors!(self.arch, apply_forward(&self.forward, x, y));
    }

    fn observe_gradient(&self, saved: Saved<'_>, sums: &mut [f32]) {
        let (sums, products) = sums.split_at_mut(self.channels);
        on_vectors!(
            self.arch,
            gradient_sums(saved.x, saved.dy, &self.mean, sums, products)
        );
    }

    fn conclude_gradient(&mut self, partials: &[Partial<'_>], gradients: &mut [Buffer]) {
        let images: usize = partials.iter().map(|partial| partial.images).sum();
        let count = (images * self.area) as f64;
        self.backward = BackwardAffine::default();
        for channel in 0..self.channels {
            let (mut sum, mut product) = (0.0_f64, 0.0_f64);
            for partial in partials {
                sum += f64::from(partial.sums[channel]);
                product += f64::from(partial.sums[self.channels + channel]);
            }
            let inverse_std = f64::from(self.inverse_std[channel]);
            if let [weight, bias] = gradients {
                weight[channel] = (product * inverse_std) as f32;
                bias[channel] = sum as f32;
            }
            // dx = γ/σ · (dy - Σdy/n - x̂ · Σ(dy·x̂)/n), x̂ = (x - mean)/σ, as scale·dy + slope·x + shift.
            let scale = f64::from(self.weight[channel]) * inverse_std;
            let slope = -scale * product * inverse_std * inverse_std / count;
            let shift = -scale * sum / count - slope * f64::from(self.mean[channel]);
            self.backward.scale.push(scale as f32);
            self.backward.slope.push(slope as f32);
            self.backward.shift.push(shift as f32);
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        vec![self.channels, self.channels]
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Buffer],
    ) {
        if let Some(dx) = dx {
            on_vectors!(
                self.arch,
                apply_backward(&self.backward, saved.x, saved.dy, dx)
            );
        }
    }

    fn running_statistics(&self) -> Option<&RunningStatistics> {
        Some(&self.running)
    }

    fn running_statistics_mut(&mut self) -> Option<&mut RunningStatistics> {
        Some(&mut self.running)
    }
}
