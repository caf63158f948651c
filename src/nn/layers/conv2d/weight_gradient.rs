//! The gradient of a convolution's weight, from the layout of the products to that of the parameter.

use crate::nn::layers::relayout::{transpose, transpose_rows};
use crate::parallel::Metered;
use crate::simd::Matrix;
use rayon::prelude::*;

/// Kernels that a thread writes at a time: a line of the cache of each sum.
const OUT_CHANNELS: usize = 16;

/// Writes `sums` `[area, channels, out_channels]` as `weight` `[out_channels, channels, area]`, `area` being
/// the kernel's, on all threads.
pub(super) fn write_weight_gradient(
    sums: &[f32],
    channels: usize,
    area: usize,
    weight: &mut [f32],
) {
    let fan_in = channels * area;
    let sums = Matrix::new(sums, fan_in, weight.len() / fan_in);
    let parts = weight.par_chunks_mut(OUT_CHANNELS * fan_in).enumerate();
    parts.for_each_init_metered(Vec::new, |transposed, (part, weight)| {
        transposed.resize(weight.len(), 0.0);
        let count = weight.len() / fan_in;
        transpose_rows(sums.columns(part * OUT_CHANNELS, count), transposed);
        let kernels = transposed.chunks_exact(fan_in);
        for (kernel, out) in kernels.zip(weight.chunks_exact_mut(fan_in)) {
            transpose(kernel, area, out);
        }
    });
}
