//! Loops over the channels of a pixel, block by block: the sums of a block stay in vector registers
//! while its pixels pass.

use super::prefetch::prefetch;

/// Evaluates the body for blocks of channels, the first of which is `$first`, with as many of them as
/// their sums stay in registers: `$lanes`, known to the compiler. To be used within `on_vectors!`.
macro_rules! for_each_block {
    ($channels:expr, |$first:ident, $lanes:ident| $body:expr) => {{
        let (mut $first, channels): (usize, usize) = (0, $channels);
        for_each_block!(@ 32, $first, channels, $lanes, $body);
        for_each_block!(@ 16, $first, channels, $lanes, $body);
        for_each_block!(@ 8, $first, channels, $lanes, $body);
        for_each_block!(@ 4, $first, channels, $lanes, $body);
        for_each_block!(@ 1, $first, channels, $lanes, $body);
    }};
    (@ $size:literal, $first:ident, $channels:ident, $lanes:ident, $body:expr) => {
        while $channels - $first >= $size {
            const $lanes: usize = $size;
            $body;
            $first += $size;
        }
    };
}
pub(crate) use for_each_block;

/// The values of a block.
#[inline(always)]
pub fn block<T: Copy + Default, const LANES: usize>(values: &[T], start: usize) -> [T; LANES] {
    let mut block = [T::default(); LANES];
    block.copy_from_slice(&values[start..start + LANES]);
    block
}

/// The same; asks for the values that come `ahead` later.
#[inline(always)]
pub fn block_ahead<T: Copy + Default, const LANES: usize>(
    values: &[T],
    start: usize,
    ahead: usize,
) -> [T; LANES] {
    ask_for_block::<_, LANES>(values, start + ahead);
    block(values, start)
}

/// Asks for the cache lines of a block. Blocks of less than a line are what is left of the channels,
/// mostly on the line of the block before.
#[inline(always)]
pub fn ask_for_block<T, const LANES: usize>(values: &[T], start: usize) {
    const FLOATS_OF_A_LINE: usize = 16;
    for line in 0..LANES / FLOATS_OF_A_LINE {
        prefetch(values, start + line * FLOATS_OF_A_LINE);
    }
}
