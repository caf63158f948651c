//! The arithmetic of the fused op, a block of channels at a time.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use crate::nn::fused::blocks::{
    add_terms, for_each_block_of_16, load_ahead, load_back, load_line, normalized, through,
};
use crate::nn::layers::activation::functions::Function;
use crate::nn::layers::batch_norm::{BatchNorm, ForwardAffine};
use crate::nn::layers::dropout::{MaskKey, Rate};
use crate::simd::channel_blocks::ask_for_block;

/// What a dropped value becomes. A value that stays is never it: its zeros are positive.
const DROPPED: f32 = -0.0;

/// How many values ahead of those that are computed others are asked for.
const AHEAD: usize = 2048;

/// What happens to the values of an image.
#[derive(Clone, Copy)]
pub(super) struct Forward<'a, F> {
    pub(super) norm: Option<&'a ForwardAffine>,
    pub(super) function: F,
    pub(super) dropout: Option<(MaskKey, Rate)>,
}

impl<F: Function> Forward<'_, F> {
    /// The output `y` of an image.
    #[inline(always)]
    pub(super) fn apply(self, x: &[f32], y: &mut [f32]) {
        // Each case is inlined by itself, without questions in its loop over the channels.
        match (self.norm, self.dropout) {
            (None, None) => Forward {
                norm: None,
                dropout: None,
                ..self
            }
            .pixels(x, y),
            (None, dropout) => Forward {
                norm: None,
                dropout,
                ..self
            }
            .pixels(x, y),
            (norm, None) => Forward {
                norm,
                dropout: None,
                ..self
            }
            .pixels(x, y),
            (norm, dropout) => Forward {
                norm,
                dropout,
                ..self
            }
            .pixels(x, y),
        }
    }

    #[inline(always)]
    fn pixels(self, x: &[f32], y: &mut [f32]) {
        // Without batch norm all values are alike.
        let channels = self.norm.map_or(x.len(), |line| line.scale.len());
        let pixels = x.chunks_exact(channels).zip(y.chunks_exact_mut(channels));
        for (pixel, (x, y)) in pixels.enumerate() {
            let index = (pixel * channels) as u32;
            for_each_block_of_16!(channels, F::IS_CHEAP, |first, LANES, len| {
                let x = load_ahead::<_, LANES>(x, first, len, AHEAD);
                ask_for_block::<_, LANES>(y, first + AHEAD);
                let line = load_line::<LANES>(self.norm, first, len);
                let mut outputs = [0.0; LANES];
                for lane in 0..LANES {
                    let value = self.function.value(normalized(&line, lane, x[lane]));
                    outputs[lane] = match self.dropout {
                        None => value,
                        Some((key, rate)) => {
                            let kept = key.keeps(index + (first + lane) as u32, rate);
                            // The sum makes a negative zero positive.
                            let scaled = value * rate.scale + 0.0;
                            if kept { scaled } else { DROPPED }
                        }
                    };
                }
                y[first..first + len].copy_from_slice(&outputs[..len]);
            });
        }
    }
}

/// What happens to the gradients of some images.
#[derive(Clone, Copy)]
pub(super) struct Backward<'a, F> {
    pub(super) norm: Option<&'a BatchNorm>,
    pub(super) function: F,
    /// Dropout's factor of what stayed.
    pub(super) scale: Option<f32>,
}

/// Input, output and its gradient; empty where they are not needed.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) x: &'a [f32],
    pub(super) y: &'a [f32],
    pub(super) dy: &'a [f32],
}

impl<F: Function> Backward<'_, F> {
    /// Whether the derivative is taken from the output: it is computed again where that is cheap.
    #[inline(always)]
    fn is_of_output(&self) -> bool {
        F::OF_OUTPUT && (self.norm.is_none() || self.scale.is_some() || !F::IS_CHEAP)
    }

    /// Whether the input is read.
    #[inline(always)]
    pub(super) fn needs_input(&self) -> bool {
        self.norm.is_some() || !self.is_of_output()
    }

    /// Whether the output is read.
    #[inline(always)]
    pub(super) fn needs_output(&self) -> bool {
        self.scale.is_some() || self.is_of_output()
    }

    /// The values of a pixel that begins at `start`; empty where they are not needed.
    #[inline(always)]
    fn pixel<'v>(&self, values: Values<'v>, start: usize, channels: usize) -> Values<'v> {
        let pixel = start..start + channels;
        Values {
            x: match self.needs_input() {
                true => &values.x[pixel.clone()],
                false => &[],
            },
            y: match self.needs_output() {
                true => &values.y[pixel.clone()],
                false => &[],
            },
            dy: &values.dy[pixel],
        }
    }

    /// The gradient of a block before dropout and activation, in the order of the layers, and its input.
    #[inline(always)]
    fn gradient<const LANES: usize>(
        &self,
        values: Values<'_>,
        first: usize,
        len: usize,
    ) -> [[f32; LANES]; 2] {
        let dy = load_ahead::<_, LANES>(values.dy, first, len, AHEAD);
        let x = match self.needs_input() {
            true => load_ahead::<_, LANES>(values.x, first, len, AHEAD),
            false => [0.0; LANES],
        };
        let y = match self.needs_output() {
            true => load_ahead::<_, LANES>(values.y, first, len, AHEAD),
            false => [0.0; LANES],
        };
        let line = match self.norm {
            Some(norm) => load_line::<LANES>(Some(norm.forward_affine()), first, len),
            None => None,
        };
        let scale = self.scale.unwrap_or(1.0);
        let unscale = scale.recip();
        let mut g = [0.0; LANES];
        for lane in 0..LANES {
            let derivative = if self.is_of_output() {
                self.function.derivative(y[lane] * unscale)
            } else {
                let x = normalized(&line, lane, x[lane]);
                self.function.derivative_at(x)
            };
            g[lane] = dy[lane] * scale * derivative;
        }
        if self.scale.is_some() {
            // By itself: together with the derivative of some functions it would not be vectorised.
            for lane in 0..LANES {
                let dropped = y[lane].to_bits() == DROPPED.to_bits();
                g[lane] = if dropped { 0.0 } else { g[lane] };
            }
        }
        [g, x]
    }

    /// Writes each channel's Σ g and Σ g·(x - mean), `g` being the gradient at the batch norm's output;
    /// `pixels` at a time are added up by themselves, since sums of many values lose digits.
    #[inline(always)]
    pub(super) fn sum(
        self,
        norm: &BatchNorm,
        values: Values<'_>,
        pixels: usize,
        sums: [&mut [f32]; 2],
    ) {
        let norm = Some(norm);
        match self.scale {
            None => Backward {
                norm,
                scale: None,
                ..self
            }
            .sum_pixels(values, pixels, sums),
            scale => Backward {
                norm,
                scale,
                ..self
            }
            .sum_pixels(values, pixels, sums),
        }
    }

    #[inline(always)]
    fn sum_pixels(self, values: Values<'_>, pixels: usize, [sums, products]: [&mut [f32]; 2]) {
        let Some(norm) = self.norm else { return };
        let mean = norm.mean();
        let channels = mean.len();
        sums.fill(0.0);
        products.fill(0.0);
        let mut parts = vec![0.0; 2 * channels];
        for group in (0..values.dy.len()).step_by(pixels * channels) {
            parts.fill(0.0);
            let (sum, product) = parts.split_at_mut(channels);
            let end = values.dy.len().min(group + pixels * channels);
            for start in (group..end).step_by(channels) {
                let pixel = self.pixel(values, start, channels);
                self.add_pixel(pixel, mean, [&mut *sum, &mut *product]);
            }
            for (sums, parts) in [(&mut *sums, sum), (&mut *products, product)] {
                for (sum, part) in sums.iter_mut().zip(parts) {
                    *sum += *part;
                }
            }
        }
    }

    /// Adds the terms of a pixel.
    #[inline(always)]
    fn add_pixel(&self, pixel: Values<'_>, mean: &[f32], [sums, products]: [&mut [f32]; 2]) {
        for_each_block_of_16!(mean.len(), F::IS_CHEAP, |first, LANES, len| {
            let terms = self.gradient::<LANES>(pixel, first, len);
            add_terms(&terms, mean, [&mut *sums, &mut *products], (first, len));
        });
    }

    /// Overwrites the input's gradient `dx`.
    #[inline(always)]
    pub(super) fn apply(self, values: Values<'_>, dx: &mut [f32]) {
        match (self.norm, self.scale) {
            (None, None) => Backward {
                norm: None,
                scale: None,
                ..self
            }
            .pixels(values, dx),
            (None, scale) => Backward {
                norm: None,
                scale,
                ..self
            }
            .pixels(values, dx),
            (norm, None) => Backward {
                norm,
                scale: None,
                ..self
            }
            .pixels(values, dx),
            (norm, scale) => Backward {
                norm,
                scale,
                ..self
            }
            .pixels(values, dx),
        }
    }

    #[inline(always)]
    fn pixels(self, values: Values<'_>, dx: &mut [f32]) {
        let channels = self.norm.map_or(dx.len(), |norm| norm.mean().len());
        for (pixel, dx) in dx.chunks_exact_mut(channels).enumerate() {
            let values = self.pixel(values, pixel * channels, channels);
            for_each_block_of_16!(channels, F::IS_CHEAP, |first, LANES, len| {
                let [g, x] = self.gradient::<LANES>(values, first, len);
                let back = self.norm.map(BatchNorm::backward_affine);
                let back = load_back::<LANES>(back, first, len);
                let mut gradients = [0.0; LANES];
                for lane in 0..LANES {
                    gradients[lane] = through(&back, lane, g[lane], x[lane]);
                }
                dx[first..first + len].copy_from_slice(&gradients[..len]);
            });
        }
    }
}
