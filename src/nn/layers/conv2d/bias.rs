//! The gradient of a convolution's bias.

use crate::parallel::Region;
use crate::simd::{Arch, on_vectors};
use rayon::prelude::*;

/// Images of a batch whose sums are taken at a time.
const IMAGES_AT_ONCE: usize = 8;

/// Channels whose sums stay in registers at once.
const SUMS_AT_ONCE: usize = 64;

/// Adds the sum of every channel of `dy`, whose pixels are `[channels]`, to `bias`.
pub fn add_bias_gradient(arch: Arch, dy: &[f32], bias: &mut [f32]) {
    on_vectors!(arch, add_pixels(dy, bias));
}

/// Overwrites `bias` by the sums over all images `dy` of a batch, of `output_len` values each, on all threads.
pub fn bias_gradient(arch: Arch, dy: &[f32], output_len: usize, bias: &mut [f32]) {
    let images = dy.par_chunks(IMAGES_AT_ONCE * output_len);
    let region = Region::begin();
    let channels = bias.len();
    let sums = images.map(|dy| {
        region.task(|| {
            let mut sums = vec![0.0; channels];
            add_bias_gradient(arch, dy, &mut sums);
            sums
        })
    });
    bias.fill(0.0);
    for sums in sums.collect::<Vec<_>>() {
        for (bias, sum) in bias.iter_mut().zip(sums) {
            *bias += sum;
        }
    }
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
