//! Batch normalisation (Ioffe & Szegedy 2015, <https://arxiv.org/abs/1502.03167>).
//!
//! `y = weight · (x - mean) / √(variance + eps) + bias` per channel. Training takes mean and variance
//! of the batch (divided by n) and moves the running ones towards them (variance divided by n - 1);
//! evaluation takes the running ones.

use super::reduce;
use super::{Op, Place, Saved, Scratch};
use rayon::prelude::*;

/// Mean and variance gathered over training, as PyTorch saves them.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningStatistics {
    /// `[channels]`.
    pub mean: Vec<f32>,
    /// `[channels]`.
    pub variance: Vec<f32>,
    /// Batches seen.
    pub batches: i64,
}

/// Normalises each channel of `[channels, area]`; after a dense layer `area` is 1.
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
    /// Statistics this pass normalises with, `[channels]`.
    mean: Vec<f32>,
    inverse_std: Vec<f32>,
    /// The backward pass as `dx = scale · dy + slope · x + shift`, `[channels]` each.
    backward: BackwardLine,
}

#[derive(Default)]
struct BackwardLine {
    scale: Vec<f32>,
    slope: Vec<f32>,
    shift: Vec<f32>,
}

/// Values, mean and sum of squared distances from the mean.
#[derive(Clone, Copy)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Two passes over values that are in the cache: no cancellation.
    fn of(values: &[f32]) -> Self {
        let count = values.len() as f64;
        let mean = reduce::sum(values) / values.len() as f32;
        let squares = reduce::sum_pairs(values, values, |x, _| (x - mean) * (x - mean));
        Self {
            count,
            mean: f64::from(mean),
            squares: f64::from(squares),
        }
    }

    /// Of both together (Chan, Golub & LeVeque 1983).
    fn merge(self, other: Self) -> Self {
        let count = self.count + other.count;
        let delta = other.mean - self.mean;
        Self {
            count,
            mean: self.mean + delta * other.count / count,
            squares: self.squares
                + other.squares
                + delta * delta * self.count * other.count / count,
        }
    }
}

impl BatchNorm {
    /// Scale 1, shift 0, running mean 0 and variance 1.
    pub fn new(channels: usize, area: usize, eps: f64, momentum: f64) -> Self {
        Self {
            channels,
            area,
            eps,
            momentum,
            weight: vec![1.0; channels],
            bias: vec![0.0; channels],
            running: RunningStatistics {
                mean: vec![0.0; channels],
                variance: vec![1.0; channels],
                batches: 0,
            },
            mean: vec![0.0; channels],
            inverse_std: vec![1.0; channels],
            backward: BackwardLine::default(),
        }
    }

    fn normalize_with(&mut self, channel: usize, mean: f64, variance: f64) {
        self.mean[channel] = mean as f32;
        self.inverse_std[channel] = (variance + self.eps).sqrt().recip() as f32;
    }
}

impl Op for BatchNorm {
    fn input_len(&self) -> usize {
        self.channels * self.area
    }

    fn output_len(&self) -> usize {
        self.channels * self.area
    }

    fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        vec![&mut self.weight, &mut self.bias]
    }

    fn needs_whole_batch(&self) -> bool {
        true
    }

    fn observe_batch(&mut self, x: &[f32]) {
        // Moments of every channel of every image, merged in the order of the images.
        let moments: Vec<Moments> = x.par_chunks_exact(self.area).map(Moments::of).collect();
        for channel in 0..self.channels {
            let images = moments[channel..].iter().step_by(self.channels);
            let Some(Moments {
                count,
                mean,
                squares,
            }) = images.copied().reduce(Moments::merge)
            else {
                continue;
            };
            self.normalize_with(channel, mean, squares / count);
            // A single value has no spread to learn from.
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
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut Scratch) {
        let channels = x.chunks_exact(self.area).zip(y.chunks_exact_mut(self.area));
        for (channel, (x, y)) in channels.enumerate() {
            let scale = self.weight[channel] * self.inverse_std[channel];
            let (mean, bias) = (self.mean[channel], self.bias[channel]);
            for (y, x) in y.iter_mut().zip(x) {
                *y = (x - mean) * scale + bias;
            }
        }
    }

    fn observe_batch_gradient(&mut self, x: &[f32], dy: &[f32], gradients: &mut [Vec<f32>]) {
        // Σ dy and Σ dy·(x - mean) of every channel of every image.
        let (area, mean) = (self.area, &self.mean);
        let sums: Vec<(f32, f32)> = x
            .par_chunks_exact(area)
            .zip(dy.par_chunks_exact(area))
            .enumerate()
            .map(|(index, (x, dy))| {
                let mean = mean[index % mean.len()];
                let product = reduce::sum_pairs(x, dy, |x, dy| (x - mean) * dy);
                (reduce::sum(dy), product)
            })
            .collect();
        let count = (x.len() / self.channels) as f64;
        self.backward = BackwardLine::default();
        for channel in 0..self.channels {
            let (mut sum, mut product) = (0.0_f64, 0.0_f64);
            for (image_sum, image_product) in sums[channel..].iter().step_by(self.channels) {
                sum += f64::from(*image_sum);
                product += f64::from(*image_product);
            }
            let inverse_std = f64::from(self.inverse_std[channel]);
            if let [weight, bias] = gradients {
                weight[channel] += (product * inverse_std) as f32;
                bias[channel] += sum as f32;
            }
            // dx = γ/σ · (dy - Σdy/n - x̂ · Σ(dy·x̂)/n), x̂ = (x - mean)/σ, as a line in dy and x.
            let scale = f64::from(self.weight[channel]) * inverse_std;
            let slope = -scale * product * inverse_std * inverse_std / count;
            let shift = -scale * sum / count - slope * f64::from(self.mean[channel]);
            self.backward.scale.push(scale as f32);
            self.backward.slope.push(slope as f32);
            self.backward.shift.push(shift as f32);
        }
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Vec<f32>],
    ) {
        let Some(dx) = dx else { return };
        let channels = saved
            .x
            .chunks_exact(self.area)
            .zip(saved.dy.chunks_exact(self.area))
            .zip(dx.chunks_exact_mut(self.area));
        for (channel, ((x, dy), dx)) in channels.enumerate() {
            let scale = self.backward.scale[channel];
            let slope = self.backward.slope[channel];
            let shift = self.backward.shift[channel];
            for ((dx, dy), x) in dx.iter_mut().zip(dy).zip(x) {
                *dx = scale * dy + slope * x + shift;
            }
        }
    }

    fn running_statistics(&self) -> Option<&RunningStatistics> {
        Some(&self.running)
    }

    fn running_statistics_mut(&mut self) -> Option<&mut RunningStatistics> {
        Some(&mut self.running)
    }
}
