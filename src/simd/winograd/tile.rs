//! The linear maps on one 4×4 tile, each place of which holds a vector of channels.
//!
//! Loops and plain calls instead of closures: only what is sure to be inlined is compiled for the
//! instruction set at hand.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::tiling::PLACES;
use pulp::Simd;

#[inline(always)]
pub(super) fn input_lines<S: Simd>(simd: S, a: [S::f32s; 4]) -> [S::f32s; 4] {
    [
        simd.sub_f32s(a[0], a[2]),
        simd.add_f32s(a[1], a[2]),
        simd.sub_f32s(a[2], a[1]),
        simd.sub_f32s(a[1], a[3]),
    ]
}

#[inline(always)]
pub(super) fn input_gradient_lines<S: Simd>(simd: S, a: [S::f32s; 4]) -> [S::f32s; 4] {
    let difference = simd.sub_f32s(a[1], a[2]);
    [
        a[0],
        simd.add_f32s(difference, a[3]),
        simd.sub_f32s(simd.add_f32s(a[1], a[2]), a[0]),
        simd.neg_f32s(a[3]),
    ]
}

#[inline(always)]
pub(super) fn output_lines<S: Simd>(simd: S, a: [S::f32s; 4]) -> [S::f32s; 2] {
    [
        simd.add_f32s(simd.add_f32s(a[0], a[1]), a[2]),
        simd.sub_f32s(simd.sub_f32s(a[1], a[2]), a[3]),
    ]
}

#[inline(always)]
pub(super) fn output_gradient_lines<S: Simd>(simd: S, a: [S::f32s; 2]) -> [S::f32s; 4] {
    [
        a[0],
        simd.add_f32s(a[0], a[1]),
        simd.sub_f32s(a[0], a[1]),
        simd.neg_f32s(a[1]),
    ]
}

/// `$lines` over the columns of a 4×4 tile, then over the rows of what comes out.
macro_rules! both_ways {
    ($simd:expr, $tile:expr, $lines:ident) => {{
        let tile = $tile;
        let mut half = tile;
        for column in 0..4 {
            let line = [
                tile[column],
                tile[4 + column],
                tile[8 + column],
                tile[12 + column],
            ];
            let line = $lines($simd, line);
            for row in 0..4 {
                half[4 * row + column] = line[row];
            }
        }
        let mut whole = half;
        for row in 0..4 {
            let line = [
                half[4 * row],
                half[4 * row + 1],
                half[4 * row + 2],
                half[4 * row + 3],
            ];
            let line = $lines($simd, line);
            for column in 0..4 {
                whole[4 * row + column] = line[column];
            }
        }
        whole
    }};
}

/// `Bᵀ d B`.
#[inline(always)]
pub(super) fn input_tile<S: Simd>(simd: S, d: [S::f32s; PLACES]) -> [S::f32s; PLACES] {
    both_ways!(simd, d, input_lines)
}

/// `B dv Bᵀ`.
#[inline(always)]
pub(super) fn input_gradient_tile<S: Simd>(simd: S, dv: [S::f32s; PLACES]) -> [S::f32s; PLACES] {
    both_ways!(simd, dv, input_gradient_lines)
}

/// `Aᵀ m A + bias`, row after row.
#[inline(always)]
pub(super) fn output_tile<S: Simd>(simd: S, m: [S::f32s; PLACES], bias: S::f32s) -> [S::f32s; 4] {
    let mut half = [[bias; 4]; 2];
    for column in 0..4 {
        let line = [m[column], m[4 + column], m[8 + column], m[12 + column]];
        let [top, bottom] = output_lines(simd, line);
        half[0][column] = top;
        half[1][column] = bottom;
    }
    let [a, b] = output_lines(simd, half[0]);
    let [c, d] = output_lines(simd, half[1]);
    [
        simd.add_f32s(a, bias),
        simd.add_f32s(b, bias),
        simd.add_f32s(c, bias),
        simd.add_f32s(d, bias),
    ]
}

/// `A dy Aᵀ`.
#[inline(always)]
pub(super) fn output_gradient_tile<S: Simd>(simd: S, dy: [S::f32s; 4]) -> [S::f32s; PLACES] {
    let left = output_gradient_lines(simd, [dy[0], dy[2]]);
    let right = output_gradient_lines(simd, [dy[1], dy[3]]);
    let mut m = [dy[0]; PLACES];
    for row in 0..4 {
        let line = output_gradient_lines(simd, [left[row], right[row]]);
        for column in 0..4 {
            m[4 * row + column] = line[column];
        }
    }
    m
}
