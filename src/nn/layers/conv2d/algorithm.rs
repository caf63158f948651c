//! Which algorithm a convolution takes.

use super::im2col_conv2d::Im2colConv2d;
use super::winograd::WinogradConv2d;
use crate::nn::layers::op::Op;
use crate::nn::layers::window::Window;
use crate::simd::Engine;
use crate::simd::winograd::{F2x3, F2x5, F4x3};

/// Fewer channels than this leave Winograd's transforms more expensive than what they save.
const WINOGRAD_CHANNELS: usize = 8;

/// A way to compute a convolution. All have the same result but for rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conv2dAlgorithm {
    /// im2col and a GEMM, for every kernel.
    Im2col,
    /// Winograd's F(2×2, 3×3).
    F2x3,
    /// Winograd's F(4×4, 3×3).
    F4x3,
    /// Winograd's F(2×2, 5×5).
    F2x5,
}

impl Conv2dAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Im2col, Self::F2x3, Self::F4x3, Self::F2x5];

    /// The size of the kernels that it is for, with stride 1; none for one that takes all.
    fn kernel_size(self) -> Option<usize> {
        match self {
            Self::Im2col => None,
            Self::F2x3 | Self::F4x3 => Some(3),
            Self::F2x5 => Some(5),
        }
    }

    /// Whether it can do these convolutions.
    pub fn applies_to(self, window: &Window) -> bool {
        self.kernel_size()
            .is_none_or(|size| window.kernel_size == size && window.stride == 1)
    }

    /// The convolution, its products done by `engine`; none if it does not apply.
    pub fn build(self, window: Window, out_channels: usize, engine: Engine) -> Option<Box<dyn Op>> {
        if !self.applies_to(&window) {
            return None;
        }
        Some(match self {
            Self::Im2col => Box::new(Im2colConv2d::new(window, out_channels, engine)),
            Self::F2x3 => Box::new(WinogradConv2d::<F2x3, 4, 2, 3>::new(
                window,
                out_channels,
                engine,
            )),
            Self::F4x3 => Box::new(WinogradConv2d::<F4x3, 6, 4, 3>::new(
                window,
                out_channels,
                engine,
            )),
            Self::F2x5 => Box::new(WinogradConv2d::<F2x5, 6, 2, 5>::new(
                window,
                out_channels,
                engine,
            )),
        })
    }
}

/// The fastest convolution over these windows, its products done by `engine`.
pub fn conv2d(window: Window, out_channels: usize, engine: Engine) -> Box<dyn Op> {
    let is_wide = window.channels >= WINOGRAD_CHANNELS && out_channels >= WINOGRAD_CHANNELS;
    let wanted = match window.kernel_size {
        3 if is_wide => Conv2dAlgorithm::F4x3,
        5 if is_wide => Conv2dAlgorithm::F2x5,
        _ => Conv2dAlgorithm::Im2col,
    };
    wanted
        .build(window, out_channels, engine)
        .unwrap_or_else(|| Box::new(Im2colConv2d::new(window, out_channels, engine)))
}
