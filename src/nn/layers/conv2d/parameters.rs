//! The parameters of a convolution, whatever the algorithm.

use super::weight_gradient::write_weight_gradient;
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::window::Window;
use crate::simd::buffer::Buffer;

/// The weight `[out_channels, channels, kernel_size, kernel_size]` and the bias.
pub(super) fn parameters(window: &Window, out_channels: usize) -> Vec<ParameterShape> {
    let Window {
        channels,
        kernel_size,
        ..
    } = *window;
    let shape = [out_channels, channels, kernel_size, kernel_size];
    let area = kernel_size * kernel_size;
    vec![
        ParameterShape::weight(&shape, channels * area, out_channels * area),
        ParameterShape::bias(out_channels),
    ]
}

/// Writes the sums of the weight's gradient, `[kernel_size², channels, out_channels]`, and of the bias's as
/// the parameters are laid out.
pub(super) fn write_gradients(window: &Window, sums: &[Buffer], gradients: &mut [Buffer]) {
    let ([weight_sums, bias_sums], [weight, bias]) = (sums, gradients) else {
        return;
    };
    bias.copy_from_slice(bias_sums);
    let area = window.kernel_size * window.kernel_size;
    write_weight_gradient(weight_sums, window.channels, area, weight);
}
