//! Which algorithm a convolution takes: that of the least estimated time.
//!
//! The estimate counts what a training step does with one image: products, with what the tiles have
//! beyond the image's edge and the columns that panels have beyond the matrix; values that pass through
//! im2col or through Winograd's transforms; and the sums of the weight's gradient at all places, which are
//! transformed once a group of tiles. The weights of these counts are of a processor with AVX2;
//! `cargo bench --bench convolutions` compares the choice with measured times. It depends on the sizes
//! alone, so that the same network has the same bits everywhere.

use super::im2col_conv2d::Im2colConv2d;
use super::images::images_at_once;
use super::winograd::{takes_whole_batch, winograd};
use crate::nn::layers::op::Op;
use crate::nn::layers::window::Window;
use crate::simd::Engine;
use crate::simd::winograd::{F2x3, F2x5, F4x3};

/// A way to compute a convolution. All have the same result but for rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conv2dAlgorithm {
    /// An implicit GEMM, for every kernel.
    Im2col,
    /// Winograd's F(2×2, 3×3).
    F2x3,
    /// Winograd's F(4×4, 3×3).
    F4x3,
    /// Winograd's F(2×2, 5×5).
    F2x5,
}

/// Multiply-adds of the two units of 8 lanes in one cycle.
const PRODUCTS: f64 = 16.0;

/// Values of a vector register.
const LANES: f64 = 8.0;

/// Columns of a panel.
const PANEL: usize = 16;

/// Cycles that a vector of values takes in col2im, and a line of a window in all three passes.
const COLUMNS: f64 = 5.0;
const WINDOW_LINE: f64 = 18.0;

/// Cycles that a vector of values takes in one of Winograd's transforms, counted at the places, and a
/// place in all five transforms of a training step.
const TRANSFORM: f64 = 2.0;
const PLACE: f64 = 70.0;

/// Cycles that a vector of the sums of the weight's gradient takes.
const SUMS: f64 = 19.0;

/// Images whose sums are transformed together where the whole batch goes through at once: a small batch.
const BATCH: usize = 32;

impl Conv2dAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Im2col, Self::F2x3, Self::F4x3, Self::F2x5];

    /// The fastest convolution over these windows, its products done by `engine`.
    pub fn fastest(window: &Window, out_channels: usize, engine: Engine) -> Self {
        let mut fastest = Self::Im2col;
        for algorithm in Self::ALL {
            if algorithm.applies_to(window)
                && algorithm.is_exact_on(engine)
                && algorithm.cycles(window, out_channels) < fastest.cycles(window, out_channels)
            {
                fastest = algorithm;
            }
        }
        fastest
    }

    /// Sides of a tile of places, of a tile of outputs, and of the kernels; none for im2col.
    fn sides(self) -> Option<(usize, usize, usize)> {
        match self {
            Self::Im2col => None,
            Self::F2x3 => Some((4, 2, 3)),
            Self::F4x3 => Some((6, 4, 3)),
            Self::F2x5 => Some((6, 2, 5)),
        }
    }

    /// Whether it can do these convolutions.
    pub fn applies_to(self, window: &Window) -> bool {
        self.sides()
            .is_none_or(|(_, _, kernel)| window.kernel_size == kernel && window.stride == 1)
    }

    /// Whether its errors are small enough to train with. With operands in bf16 the 6×6 tile's are 3 to
    /// 8 % of the results.
    fn is_exact_on(self, engine: Engine) -> bool {
        let rounds = engine.unit_for(usize::MAX).is_some();
        !rounds || matches!(self, Self::Im2col | Self::F2x3)
    }

    /// The estimate, in cycles.
    fn cycles(self, window: &Window, out_channels: usize) -> f64 {
        let (channels, area) = (window.channels, window.out_area());
        let padded = |columns: usize| columns.next_multiple_of(PANEL);
        // Of a row and all its columns: forward, the weight's gradient, the input's.
        let products = |depth: usize, columns: usize| {
            (2 * depth * padded(columns) + columns * padded(depth)) as f64 / PRODUCTS
        };
        match self.sides() {
            None => {
                let fan_in = channels * window.kernel_size * window.kernel_size;
                let copies = match (window.kernel_size, window.stride) {
                    (1, 1) => 0.0,
                    (lines, _) => fan_in as f64 / LANES * COLUMNS + lines as f64 * WINDOW_LINE,
                };
                area as f64 * (products(fan_in, out_channels) + copies)
            }
            Some((side, out, _)) => {
                let tiles = window.out_height.div_ceil(out) * window.out_width.div_ceil(out);
                let places = (tiles * side * side) as f64;
                let vectors = |channels: usize| (channels as f64 / LANES).ceil();
                let vectors = 3.0 * vectors(channels) + 2.0 * vectors(out_channels);
                let images = match takes_whole_batch(window, out_channels, side * side) {
                    true => BATCH,
                    false => images_at_once(window, out_channels),
                };
                let sums = (side * side * channels * padded(out_channels)) as f64 / LANES;
                places * (products(channels, out_channels) + vectors * TRANSFORM + PLACE)
                    + sums * SUMS / images as f64
            }
        }
    }

    /// The convolution, its products done by `engine`; none if it does not apply.
    pub fn build(self, window: Window, out_channels: usize, engine: Engine) -> Option<Box<dyn Op>> {
        if !self.applies_to(&window) {
            return None;
        }
        Some(match self {
            Self::Im2col => Box::new(Im2colConv2d::new(window, out_channels, engine)),
            Self::F2x3 => winograd::<F2x3, 4, 2, 3>(window, out_channels, engine),
            Self::F4x3 => winograd::<F4x3, 6, 4, 3>(window, out_channels, engine),
            Self::F2x5 => winograd::<F2x5, 6, 2, 5>(window, out_channels, engine),
        })
    }
}

/// The fastest convolution over these windows, its products done by `engine`.
pub fn conv2d(window: Window, out_channels: usize, engine: Engine) -> Box<dyn Op> {
    Conv2dAlgorithm::fastest(&window, out_channels, engine)
        .build(window, out_channels, engine)
        .unwrap_or_else(|| Box::new(Im2colConv2d::new(window, out_channels, engine)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::bf16::Unit;

    fn window(channels: usize, side: usize, [kernel_size, stride, padding]: [usize; 3]) -> Window {
        let out = (side + 2 * padding - kernel_size) / stride + 1;
        Window {
            channels,
            height: side,
            width: side,
            out_height: out,
            out_width: out,
            kernel_size,
            stride,
            padding,
        }
    }

    #[test]
    fn wide_layers_take_the_algorithm_with_the_fewest_products() {
        let fastest = |channels, side, kernel| {
            let window = window(channels, side, kernel);
            Conv2dAlgorithm::fastest(&window, 32, Engine::f32())
        };
        assert_eq!(fastest(32, 28, [3, 1, 1]), Conv2dAlgorithm::F4x3);
        assert_eq!(fastest(32, 14, [5, 1, 2]), Conv2dAlgorithm::F2x5);
        // Weights that are transformed once a batch.
        let wide = window(128, 7, [3, 1, 1]);
        let fastest_of_wide = Conv2dAlgorithm::fastest(&wide, 256, Engine::f32());
        assert_eq!(fastest_of_wide, Conv2dAlgorithm::F4x3);
        // Two rows of outputs: a tile of four would be mostly beyond the edge.
        assert_eq!(fastest(32, 2, [3, 1, 1]), Conv2dAlgorithm::F2x3);
        for kernel in [[3, 2, 1], [1, 1, 0], [7, 1, 3]] {
            assert_eq!(fastest(32, 28, kernel), Conv2dAlgorithm::Im2col);
        }
        assert_eq!(fastest(1, 28, [3, 1, 1]), Conv2dAlgorithm::Im2col);
    }

    #[test]
    fn in_bf16_no_tile_is_larger_than_4x4() {
        for unit in Unit::available() {
            let engine = Engine::bf16(unit);
            let fastest = |kernel| Conv2dAlgorithm::fastest(&window(64, 28, kernel), 64, engine);
            assert_eq!(fastest([3, 1, 1]), Conv2dAlgorithm::F2x3);
            assert_eq!(fastest([5, 1, 2]), Conv2dAlgorithm::Im2col);
        }
    }
}
