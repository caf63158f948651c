//! Loops over the channels of a pixel, block by block: the sums of a block stay in vector registers
//! while its pixels pass.

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
