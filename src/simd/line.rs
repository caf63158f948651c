//! One line of a tile: the vectors side by side that a panel is wide.
//!
//! `WHOLE` says that the line is as long as the vectors are, which spares a mask for each. Loops run
//! over as many vectors as there are at compile time: a tile whose sums were ever named by a number
//! that is known only at run time would live in memory, and not in registers.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::panels::VECTORS;
use pulp::Simd;

/// The vectors of the first `width` values of `line`, zeros behind them.
#[inline(always)]
pub(super) fn load<S: Simd, const WHOLE: bool>(
    simd: S,
    line: &[f32],
    width: usize,
) -> [S::f32s; VECTORS] {
    if WHOLE {
        let line = &line[..VECTORS * S::F32_LANES];
        if let Some(whole) = S::as_simd_f32s(line).0.first_chunk::<VECTORS>() {
            return *whole;
        }
    }
    let line = &line[..width];
    let mut vectors = [simd.splat_f32s(0.0); VECTORS];
    for vector in 0..VECTORS {
        let values = vector * S::F32_LANES..(vector + 1) * S::F32_LANES;
        let values = values.start.min(width)..values.end.min(width);
        vectors[vector] = simd.partial_load_f32s(&line[values]);
    }
    vectors
}

/// The first `width` values of `line` plus `vectors`.
#[inline(always)]
pub(super) fn sum<S: Simd, const WHOLE: bool>(
    simd: S,
    line: &[f32],
    width: usize,
    vectors: [S::f32s; VECTORS],
) -> [S::f32s; VECTORS] {
    let mut sums = load::<S, WHOLE>(simd, line, width);
    for vector in 0..VECTORS {
        sums[vector] = simd.add_f32s(sums[vector], vectors[vector]);
    }
    sums
}

/// Writes the first `width` values of `vectors` to `line`.
#[inline(always)]
pub(super) fn store<S: Simd, const WHOLE: bool>(
    simd: S,
    line: &mut [f32],
    width: usize,
    vectors: [S::f32s; VECTORS],
) {
    if WHOLE {
        let line = &mut line[..VECTORS * S::F32_LANES];
        if let Some(whole) = S::as_mut_simd_f32s(line).0.first_chunk_mut::<VECTORS>() {
            *whole = vectors;
            return;
        }
    }
    let line = &mut line[..width];
    for vector in 0..VECTORS {
        let values = vector * S::F32_LANES..(vector + 1) * S::F32_LANES;
        let values = values.start.min(width)..values.end.min(width);
        simd.partial_store_f32s(&mut line[values], vectors[vector]);
    }
}
