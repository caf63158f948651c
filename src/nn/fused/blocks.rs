//! Loops over channels in blocks, for values that differ in what they cost.

use crate::nn::layers::batch_norm::{BackwardAffine, ForwardAffine};
use crate::simd::channel_blocks::ask_for_block;

/// Evaluates the body for blocks of 16 channels, which are whole vectors on every machine: `$lanes` of
/// them from `$first` on, of which `$len` are there. Whole blocks first, then what is left. Values that
/// are cheap to compute are left in blocks of 4 and one by one; functions with an exponential are
/// computed for a whole block.
macro_rules! for_each_block_of_16 {
    ($channels:expr, $is_cheap:expr, |$first:ident, $lanes:ident, $len:ident| $body:expr) => {{
        let (mut $first, channels): (usize, usize) = (0, $channels);
        while $first + 16 <= channels {
            const $lanes: usize = 16;
            let $len = 16;
            $body;
            $first += 16;
        }
        if $is_cheap {
            while $first + 4 <= channels {
                const $lanes: usize = 4;
                let $len = 4;
                $body;
                $first += 4;
            }
            while $first < channels {
                const $lanes: usize = 1;
                let $len = 1;
                $body;
                $first += 1;
            }
        } else if $first < channels {
            const $lanes: usize = 16;
            let $len = channels - $first;
            $body;
        }
    }};
}
pub(super) use for_each_block_of_16;

/// `len` values from `first` on, and zeros.
#[inline(always)]
pub(super) fn load<T: Copy + Default, const LANES: usize>(
    values: &[T],
    first: usize,
    len: usize,
) -> [T; LANES] {
    let mut block = [T::default(); LANES];
    block[..len].copy_from_slice(&values[first..first + len]);
    block
}

/// The same; asks for the block that comes `ahead` values later.
#[inline(always)]
pub(super) fn load_ahead<T: Copy + Default, const LANES: usize>(
    values: &[T],
    first: usize,
    len: usize,
    ahead: usize,
) -> [T; LANES] {
    ask_for_block::<_, LANES>(values, first + ahead);
    load(values, first, len)
}

/// Adds `g` and `g·(x - mean)` of a block of channels to their `sums` and `products`.
#[inline(always)]
pub(super) fn add_terms<const LANES: usize>(
    [g, x]: &[[f32; LANES]; 2],
    mean: &[f32],
    [sums, products]: [&mut [f32]; 2],
    (first, len): (usize, usize),
) {
    let mean = load::<_, LANES>(mean, first, len);
    let mut sum = load::<_, LANES>(sums, first, len);
    let mut product = load::<_, LANES>(products, first, len);
    for lane in 0..LANES {
        sum[lane] += g[lane];
        product[lane] += g[lane] * (x[lane] - mean[lane]);
    }
    sums[first..first + len].copy_from_slice(&sum[..len]);
    products[first..first + len].copy_from_slice(&product[..len]);
}

/// The same block of four slices.
#[inline(always)]
pub(super) fn load_four<const LANES: usize>(
    [a, b, c, d]: [&[f32]; 4],
    first: usize,
    len: usize,
    ahead: usize,
) -> [[f32; LANES]; 4] {
    [
        load_ahead(a, first, len, ahead),
        load_ahead(b, first, len, ahead),
        load_ahead(c, first, len, ahead),
        load_ahead(d, first, len, ahead),
    ]
}

/// Scale and shift of a block of channels.
#[inline(always)]
pub(super) fn load_line<const LANES: usize>(
    line: Option<&ForwardAffine>,
    first: usize,
    len: usize,
) -> Option<[[f32; LANES]; 2]> {
    match line {
        Some(line) => Some([load(&line.scale, first, len), load(&line.shift, first, len)]),
        None => None,
    }
}

/// The value `x` of a lane through a batch norm, if there is one.
#[inline(always)]
pub(super) fn normalized<const LANES: usize>(
    line: &Option<[[f32; LANES]; 2]>,
    lane: usize,
    x: f32,
) -> f32 {
    match line {
        Some([scale, shift]) => x * scale[lane] + shift[lane],
        None => x,
    }
}

/// Scale, slope and shift of a block of channels.
#[inline(always)]
pub(super) fn load_back<const LANES: usize>(
    back: Option<&BackwardAffine>,
    first: usize,
    len: usize,
) -> Option<[[f32; LANES]; 3]> {
    match back {
        Some(back) => Some([
            load(&back.scale, first, len),
            load(&back.slope, first, len),
            load(&back.shift, first, len),
        ]),
        None => None,
    }
}

/// The gradient `g` of a lane back through a batch norm with input `x`, if there is one.
#[inline(always)]
pub(super) fn through<const LANES: usize>(
    back: &Option<[[f32; LANES]; 3]>,
    lane: usize,
    g: f32,
    x: f32,
) -> f32 {
    match back {
        Some([scale, slope, shift]) => scale[lane] * g + (slope[lane] * x + shift[lane]),
        None => g,
    }
}
