//! Which algorithm a convolution takes: that of the least estimated time.
//!
//! The estimate counts what a training step does with one image: products, with what the tiles have
//! beyond the image's edge and the columns that panels have beyond the matrix; values that pass through
//! im2col or through Winograd's transforms; and the sums of the weight's gradient at all places, which are
//! transformed once a group of tiles. The weights of these counts are of a processor with AVX2;
//! `cargo bench --bench convolutions` compares the choice with measured times. It depends on the sizes
//! and the bf16 unit alone, so that the same network has the same bits everywhere.
//!
//! Where the engine has a bf16 unit, each way is estimated in f32 and in bf16, and a layer takes bf16 only
//! where that is faster.

use super::direct_conv2d::{Batch, DirectConv2d};
use super::im2col_conv2d::Im2colConv2d;
use super::images::images_at_once;
use super::winograd::{takes_whole_batch, winograd};
use crate::nn::layers::op::Op;
use crate::nn::layers::window::Window;
use crate::simd::Engine;
use crate::simd::bf16::Unit;
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
    /// Rounded images multiplied where they are, on a bf16 unit alone.
    Direct,
}

/// What a kind of arithmetic does in one cycle.
#[derive(Clone, Copy)]
struct Rate {
    /// Multiply-adds.
    products: f64,
    /// Values of a vector register.
    lanes: f64,
}

/// f32 with AVX2: two units of 8 lanes.
const AVX2: Rate = Rate {
    products: 16.0,
    lanes: 8.0,
};

/// f32 on a CPU with a bf16 unit: two units of 16 lanes.
const AVX512: Rate = Rate {
    products: 32.0,
    lanes: 16.0,
};

/// bf16 by vectors.
const VECTORS_OF_BF16: Rate = Rate {
    products: 64.0,
    lanes: 16.0,
};

/// bf16 by tiles whose operands are packed for each product; measured, as are the next ones.
const PACKED_TILES: Rate = Rate {
    products: 128.0,
    lanes: 16.0,
};

/// Tiles of images that are read where they are; for the weight's gradient.
const TILES: Rate = Rate {
    products: 256.0,
    lanes: 16.0,
};
const GRADIENT_TILES: Rate = Rate {
    products: 128.0,
    lanes: 16.0,
};

/// Cycles that a vector of values takes to be rounded into images that are read where they are, in all three
/// passes; and to be rounded and packed for one product.
const ROUNDING: f64 = 10.0;
const PACKING: f64 = 6.0;

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
    pub const ALL: [Self; 5] = [
        Self::Im2col,
        Self::F2x3,
        Self::F4x3,
        Self::F2x5,
        Self::Direct,
    ];

    /// The fastest convolution over these windows of those that `engine` can do, with the engine that does
    /// its products: the same, or one in f32 where bf16 would be slower.
    pub fn fastest(window: &Window, out_channels: usize, engine: Engine) -> (Self, Engine) {
        let has_unit = engine.unit_for(usize::MAX).is_some();
        let mut fastest = (Self::Im2col, engine.in_f32());
        let mut least = f64::INFINITY;
        for algorithm in Self::ALL {
            for engine in [engine.in_f32(), engine] {
                if !algorithm.applies_to(window, engine) || !algorithm.is_exact_on(engine) {
                    continue;
                }
                let cycles =
                    algorithm.cycles(window, out_channels, Arithmetic { has_unit, engine });
                if cycles < least {
                    (fastest, least) = ((algorithm, engine), cycles);
                }
            }
        }
        fastest
    }

    /// Sides of a tile of places, of a tile of outputs, and of the kernels; none without transforms.
    fn sides(self) -> Option<(usize, usize, usize)> {
        match self {
            Self::Im2col | Self::Direct => None,
            Self::F2x3 => Some((4, 2, 3)),
            Self::F4x3 => Some((6, 4, 3)),
            Self::F2x5 => Some((6, 2, 5)),
        }
    }

    /// Whether `engine` can do these convolutions so.
    pub fn applies_to(self, window: &Window, engine: Engine) -> bool {
        if self == Self::Direct {
            return engine.unit_for(usize::MAX).is_some() && DirectConv2d::applies_to(window);
        }
        self.sides()
            .is_none_or(|(_, _, kernel)| window.kernel_size == kernel && window.stride == 1)
    }

    /// Whether its errors are small enough to train with. With operands in bf16 the 6×6 tile's are 3 to
    /// 8 % of the results.
    fn is_exact_on(self, engine: Engine) -> bool {
        let rounds = engine.unit_for(usize::MAX).is_some();
        !rounds || !matches!(self, Self::F4x3 | Self::F2x5)
    }

    /// The estimate, in cycles.
    fn cycles(self, window: &Window, out_channels: usize, arithmetic: Arithmetic) -> f64 {
        if let (Self::Direct, Some(unit)) = (self, arithmetic.unit()) {
            return direct_cycles(window, out_channels, unit);
        }
        let rate = arithmetic.rate();
        let vectors = |channels: usize| (channels as f64 / rate.lanes).ceil();
        let (channels, area) = (window.channels, window.out_area());
        let padded = |columns: usize| columns.next_multiple_of(PANEL);
        // Of a row and all its columns: forward, the weight's gradient, the input's.
        let products = |depth: usize, columns: usize| {
            (2 * depth * padded(columns) + columns * padded(depth)) as f64 / rate.products
        };
        // Each product's operands, a row's values at a time.
        let roundings = |depth: usize, columns: usize| match arithmetic.unit() {
            Some(_) => (3.0 * vectors(depth) + 2.0 * vectors(columns)) * PACKING,
            None => 0.0,
        };
        match self.sides() {
            None => {
                let fan_in = channels * window.kernel_size * window.kernel_size;
                let copies = match (window.kernel_size, window.stride) {
                    (1, 1) => 0.0,
                    (lines, _) => fan_in as f64 / rate.lanes * COLUMNS + lines as f64 * WINDOW_LINE,
                };
                let row = products(fan_in, out_channels) + roundings(fan_in, out_channels);
                area as f64 * (row + copies)
            }
            Some((side, out, _)) => {
                let tiles = window.out_height.div_ceil(out) * window.out_width.div_ceil(out);
                let places = (tiles * side * side) as f64;
                let transformed = 3.0 * vectors(channels) + 2.0 * vectors(out_channels);
                let images = match takes_whole_batch(window, out_channels, side * side) {
                    true => BATCH,
                    false => images_at_once(window, out_channels),
                };
                let sums = (side * side * channels * padded(out_channels)) as f64 / rate.lanes;
                let row = products(channels, out_channels) + roundings(channels, out_channels);
                places * (row + transformed * TRANSFORM + PLACE) + sums * SUMS / images as f64
            }
        }
    }

    /// The convolution, its products done by `engine`; none if it does not apply.
    pub fn build(self, window: Window, out_channels: usize, engine: Engine) -> Option<Box<dyn Op>> {
        if !self.applies_to(&window, engine) {
            return None;
        }
        Some(match self {
            Self::Im2col => Box::new(Im2colConv2d::new(window, out_channels, engine)),
            Self::F2x3 => winograd::<F2x3, 4, 2, 3>(window, out_channels, engine),
            Self::F4x3 => winograd::<F4x3, 6, 4, 3>(window, out_channels, engine),
            Self::F2x5 => winograd::<F2x5, 6, 2, 5>(window, out_channels, engine),
            Self::Direct => {
                let unit = engine.unit_for(usize::MAX)?;
                let batch = Batch::of(&window, out_channels);
                Box::new(DirectConv2d::new(window, out_channels, unit, engine, batch))
            }
        })
    }
}

/// An engine, and what else its CPU can do.
#[derive(Clone, Copy)]
struct Arithmetic {
    /// Whether the CPU has a bf16 unit.
    has_unit: bool,
    engine: Engine,
}

impl Arithmetic {
    /// The unit that does the products.
    fn unit(self) -> Option<Unit> {
        self.engine.unit_for(usize::MAX)
    }

    /// Of all algorithms but the direct one.
    fn rate(self) -> Rate {
        match (self.unit(), self.has_unit) {
            (Some(Unit::Amx), _) => PACKED_TILES,
            (Some(_), _) => VECTORS_OF_BF16,
            (None, true) => AVX512,
            (None, false) => AVX2,
        }
    }
}

/// The estimate of a convolution whose images are multiplied where they are, in cycles.
fn direct_cycles(window: &Window, out_channels: usize, unit: Unit) -> f64 {
    let [rate, gradient_rate] = match unit {
        Unit::Amx => [TILES, GRADIENT_TILES],
        _ => [VECTORS_OF_BF16; 2],
    };
    let [products, gradient_products] = DirectConv2d::products(window, out_channels, unit);
    let vectors = |channels: usize| (channels as f64 / rate.lanes).ceil();
    let rounding = (vectors(window.channels) + vectors(out_channels)) * ROUNDING;
    products as f64 / rate.products
        + gradient_products as f64 / gradient_rate.products
        + window.out_area() as f64 * rounding
}

/// The fastest convolution over these windows of those that `engine` can do.
pub fn conv2d(window: Window, out_channels: usize, engine: Engine) -> Box<dyn Op> {
    let (algorithm, engine) = Conv2dAlgorithm::fastest(&window, out_channels, engine);
    algorithm
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
            Conv2dAlgorithm::fastest(&window, 32, Engine::f32()).0
        };
        assert_eq!(fastest(32, 28, [3, 1, 1]), Conv2dAlgorithm::F4x3);
        assert_eq!(fastest(32, 14, [5, 1, 2]), Conv2dAlgorithm::F2x5);
        // Weights that are transformed once a batch.
        let wide = window(128, 7, [3, 1, 1]);
        let (fastest_of_wide, _) = Conv2dAlgorithm::fastest(&wide, 256, Engine::f32());
        assert_eq!(fastest_of_wide, Conv2dAlgorithm::F4x3);
        // Two rows of outputs: a tile of four would be mostly beyond the edge.
        assert_eq!(fastest(32, 2, [3, 1, 1]), Conv2dAlgorithm::F2x3);
        for kernel in [[3, 2, 1], [1, 1, 0], [7, 1, 3]] {
            assert_eq!(fastest(32, 28, kernel), Conv2dAlgorithm::Im2col);
        }
        assert_eq!(fastest(1, 28, [3, 1, 1]), Conv2dAlgorithm::Im2col);
    }

    #[test]
    fn in_bf16_tiles_take_images_where_they_are_and_no_algorithm_has_large_errors() {
        for unit in Unit::available() {
            let engine = Engine::bf16(unit);
            for channels in [8, 64] {
                for kernel in [[3, 1, 1], [5, 1, 2], [3, 2, 1]] {
                    let window = window(channels, 28, kernel);
                    let (algorithm, engine) = Conv2dAlgorithm::fastest(&window, 64, engine);
                    if unit == Unit::Amx && kernel[1] == 1 {
                        assert_eq!(algorithm, Conv2dAlgorithm::Direct, "{window:?}");
                    }
                    assert!(algorithm.is_exact_on(engine), "{window:?}");
                }
            }
        }
    }

    #[test]
    fn without_a_unit_everything_is_in_f32() {
        for channels in [1, 64] {
            let window = window(channels, 28, [3, 1, 1]);
            let (algorithm, engine) = Conv2dAlgorithm::fastest(&window, 64, Engine::f32());
            assert!(engine.unit_for(usize::MAX).is_none());
            assert!(!Conv2dAlgorithm::Direct.applies_to(&window, engine));
            assert!(Conv2dAlgorithm::Direct.build(window, 64, engine).is_none());
            assert!(algorithm.build(window, 64, engine).is_some());
        }
    }
}
