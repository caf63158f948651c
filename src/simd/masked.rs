//! Masked loads and stores of the vector registers that hold one row of a tile of sums.
//!
//! `WHOLE` says that the row fills all vectors, so that no masks are needed. Loops run over a number
//! of vectors known at compile time: sums that are indexed by a number known only at run time would be
//! in memory instead of registers.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use pulp::Simd;

/// The vectors of the first `width` values of `row`, zeros after them.
#[inline(always)]
pub(super) fn load<S: Simd, const VECTORS: usize, const WHOLE: bool>(
    simd: S,
    row: &[f32],
    width: usize,
) -> [S::f32s; VECTORS] {
    if WHOLE {
        let row = &row[..VECTORS * S::F32_LANES];
        if let Some(whole) = S::as_simd_f32s(row).0.first_chunk::<VECTORS>() {
            return *whole;
        }
    }
    let row = &row[..width];
    let mut vectors = [simd.splat_f32s(0.0); VECTORS];
    for vector in 0..VECTORS {
        let values = vector * S::F32_LANES..(vector + 1) * S::F32_LANES;
        let values = values.start.min(width)..values.end.min(width);
        vectors[vector] = simd.partial_load_f32s(&row[values]);
    }
    vectors
}

/// The first `width` values of `row` plus `vectors`.
#[inline(always)]
pub(super) fn sum<S: Simd, const VECTORS: usize, const WHOLE: bool>(
    simd: S,
    row: &[f32],
    width: usize,
    vectors: [S::f32s; VECTORS],
) -> [S::f32s; VECTORS] {
    let mut sums = load::<S, VECTORS, WHOLE>(simd, row, width);
    for vector in 0..VECTORS {
        sums[vector] = simd.add_f32s(sums[vector], vectors[vector]);
    }
    sums
}

/// Writes the first `width` values of `vectors` to `row`.
#[inline(always)]
pub(super) fn store<S: Simd, const VECTORS: usize, const WHOLE: bool>(
    simd: S,
    row: &mut [f32],
    width: usize,
    vectors: [S::f32s; VECTORS],
) {
    if WHOLE {
        let row = &mut row[..VECTORS * S::F32_LANES];
        if let Some(whole) = S::as_mut_simd_f32s(row).0.first_chunk_mut::<VECTORS>() {
            *whole = vectors;
            return;
        }
    }
    let row = &mut row[..width];
    for vector in 0..VECTORS {
        let values = vector * S::F32_LANES..(vector + 1) * S::F32_LANES;
        let values = values.start.min(width)..values.end.min(width);
        simd.partial_store_f32s(&mut row[values], vectors[vector]);
    }
}
