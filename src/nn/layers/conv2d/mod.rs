//! Convolution: `y[o] = bias[o] + Σ weight[o, c, i, j] · x[row·stride + i - padding, …, c]`.
//!
//! Two ways to the same result: unfolding works for every kernel, Winograd needs fewer products for
//! the common 3×3 kernel with stride 1.

#[cfg(test)]
mod tests;
mod unfold;
mod unfolded;
mod winograd;

use super::Op;
use super::window::Window;
use crate::simd::{Arch, Engine, on_vectors};

/// Fewer channels than this leave Winograd's transforms more expensive than what they save.
const WINOGRAD_CHANNELS: usize = 8;

/// The fastest convolution over these windows, its products by `engine`.
pub fn conv2d(window: Window, out_channels: usize, engine: Engine) -> Box<dyn Op> {
    if window.kernel_size == 3
        && window.stride == 1
        && window.channels >= WINOGRAD_CHANNELS
        && out_channels >= WINOGRAD_CHANNELS
    {
        Box::new(winograd::WinogradConv2d::new(window, out_channels, engine))
    } else {
        Box::new(unfolded::UnfoldedConv2d::new(window, out_channels, engine))
    }
}

/// Channels whose sums stay in registers at once.
const SUMS_AT_ONCE: usize = 64;

/// Adds the sum of every channel of `dy`, whose pixels are `[channels]`, to `bias`.
fn add_bias_gradient(arch: Arch, dy: &[f32], bias: &mut [f32]) {
    on_vectors!(arch, add_pixels(dy, bias));
}

#[inline(always)]
fn add_pixels(dy: &[f32], bias: &mut [f32]) {
    let channels = bias.len();
    let (blocks, rest) = bias.as_chunks_mut::<SUMS_AT_ONCE>();
    let whole = blocks.len() * SUMS_AT_ONCE;
    for (block, bias) in blocks.iter_mut().enumerate() {
        let mut sums = *bias;
        add_channels(dy, channels, block * SUMS_AT_ONCE, &mut sums);
        *bias = sums;
    }
    if !rest.is_empty() {
        add_channels(dy, channels, whole, rest);
    }
}

/// Adds the channels from `first` on, of all pixels, to as many `sums`.
#[inline(always)]
fn add_channels(dy: &[f32], channels: usize, first: usize, sums: &mut [f32]) {
    for pixel in dy.chunks_exact(channels) {
        let values = &pixel[first..first + sums.len()];
        for (sum, dy) in sums.iter_mut().zip(values) {
            *sum += dy;
        }
    }
}
