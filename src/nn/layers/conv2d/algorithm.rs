//! Which algorithm a convolution takes.

use super::im2col_conv2d::Im2colConv2d;
use super::winograd::WinogradConv2d;
use crate::nn::layers::op::Op;
use crate::nn::layers::window::Window;
use crate::simd::Engine;

/// Fewer channels than this leave Winograd's transforms more expensive than what they save.
const WINOGRAD_CHANNELS: usize = 8;

/// The fastest convolution over these windows, its products done by `engine`.
pub fn conv2d(window: Window, out_channels: usize, engine: Engine) -> Box<dyn Op> {
    if window.kernel_size == 3
        && window.stride == 1
        && window.channels >= WINOGRAD_CHANNELS
        && out_channels >= WINOGRAD_CHANNELS
    {
        Box::new(WinogradConv2d::new(window, out_channels, engine))
    } else {
        Box::new(Im2colConv2d::new(window, out_channels, engine))
    }
}
