//! Convolution with stride 1 by Winograd's minimal filtering (Lavin & Gray 2016,
//! <https://arxiv.org/abs/1509.09308>): transform the tiles, one matrix product for each place of a tile,
//! transform back.

mod by_images;
mod shape;
mod weights;
mod whole_batch;

pub use by_images::WinogradConv2d;
pub use shape::Shape;
pub use whole_batch::WholeBatchWinogradConv2d;

use crate::nn::layers::op::Op;
use crate::nn::layers::window::Window;
use crate::simd::Engine;
use crate::simd::winograd::Filtering;

/// Bytes of a weight at all places from which on the whole batch goes through at once: about what the L2
/// cache of a core holds.
const LARGE_WEIGHT: usize = 1 << 20;

/// Bytes that the planes of the whole batch may have at a time: they stay in the cache that the cores share.
const PLANES_BYTES: usize = 6 << 20;

/// Whether the weight of a convolution, at `places` places, is worth to be read once a batch.
pub fn takes_whole_batch(window: &Window, out_channels: usize, places: usize) -> bool {
    size_of::<f32>() * places * window.channels * out_channels >= LARGE_WEIGHT
}

/// The convolution over these windows, of size `KERNEL` and stride 1, its products done by `engine`.
pub fn winograd<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    window: Window,
    out_channels: usize,
    engine: Engine,
) -> Box<dyn Op>
where
    F: Filtering<TILE, OUT, KERNEL> + 'static,
{
    let shape = Shape::<TILE, OUT, KERNEL> {
        window,
        out_channels,
    };
    if takes_whole_batch(&window, out_channels, TILE * TILE) {
        let op = WholeBatchWinogradConv2d::<F, TILE, OUT, KERNEL>::new(shape, PLANES_BYTES, engine);
        Box::new(op)
    } else {
        Box::new(WinogradConv2d::<F, TILE, OUT, KERNEL>::new(shape, engine))
    }
}
