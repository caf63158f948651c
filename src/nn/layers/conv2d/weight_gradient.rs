//! The layout in which both convolutions add up the gradient of their weight.

use crate::nn::layers::relayout::transpose;

/// Writes `sums` `[area, channels, out_channels]` as `weight` `[out_channels, channels, area]`, `area` being
/// the kernel's.
pub(super) fn write_weight_gradient(
    sums: &[f32],
    channels: usize,
    area: usize,
    weight: &mut [f32],
) {
    let fan_in = channels * area;
    let mut transposed = vec![0.0; sums.len()];
    transpose(sums, fan_in, &mut transposed);
    let kernels = transposed.chunks_exact(fan_in);
    for (kernel, out) in kernels.zip(weight.chunks_exact_mut(fan_in)) {
        transpose(kernel, area, out);
    }
}
