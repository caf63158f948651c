//! The matrix product (GEMM) `leftᵀ · right` of two row-major matrices in f32, which the gradients of
//! weights are: a sum of outer products of rows. Nothing is packed, since each operand is used once.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::dispatch::Arch;
use super::masked::{load, store, sum};
use super::matrix::Matrix;
use super::packing::{VECTORS, tile_rows};
use pulp::{Simd, WithSimd};

/// `out = leftᵀ · right`, or `out += leftᵀ · right` if it `adds`, on the calling thread: `left`
/// `[depth, m]`, `right` `[depth, n]`, `out` `[m, n]` without gaps.
///
/// # Panics
/// If the sizes do not fit together.
pub(super) fn matmul_tn(
    arch: Arch,
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut [f32],
    adds: bool,
) {
    assert_eq!(left.row_count(), right.row_count(), "inner sizes differ");
    assert_eq!(
        out.len(),
        left.column_count() * right.column_count(),
        "output"
    );
    if left.row_count() == 0 {
        if !adds {
            out.fill(0.0);
        }
        return;
    }
    arch.dispatch(MatmulTn {
        left,
        right,
        out,
        adds,
    });
}

struct MatmulTn<'a> {
    left: Matrix<'a>,
    right: Matrix<'a>,
    out: &'a mut [f32],
    adds: bool,
}

impl WithSimd for MatmulTn<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let most = tile_rows::<S>();
        let (m, n) = (self.left.column_count(), self.right.column_count());
        let panel_width = VECTORS * S::F32_LANES;
        let tiles = m.div_ceil(most);
        let mut gathered = Vec::new();
        for column in (0..n).step_by(panel_width) {
            let width = panel_width.min(n - column);
            let mut right = self.right.columns(column, width);
            if tiles > 1 && right.has_rows_on_separate_pages() {
                // Every row is on a page of its own: visit the pages once instead of once per tile.
                gathered.resize(right.row_count() * width, 0.0);
                for (row, to) in gathered.chunks_exact_mut(width).enumerate() {
                    // Too short for a call of memcpy.
                    for (to, from) in to.iter_mut().zip(right.row(row)) {
                        *to = *from;
                    }
                }
                right = Matrix::new(&gathered, right.row_count(), width);
            }
            for tile in 0..tiles {
                let first = tile * m / tiles;
                let count = (tile + 1) * m / tiles - first;
                let whole = width == panel_width;
                let place = TilePlace { first, column, n };
                macro_rules! dispatch_rows {
                    ($($rows:literal),*) => {
                        match (count, whole) {
                            $(
                                ($rows, true) => microkernel::<S, $rows, true>(simd, &self.left, &right, self.out, place, self.adds),
                                ($rows, false) => microkernel::<S, $rows, false>(simd, &self.left, &right, self.out, place, self.adds),
                            )*
                            _ => unreachable!("a tile has at most as many rows as registers allow"),
                        }
                    };
                }
                if S::REGISTER_COUNT >= 32 {
                    dispatch_rows!(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
                } else {
                    dispatch_rows!(1, 2, 3, 4, 5, 6);
                }
            }
        }
    }
}

/// Top left corner of a tile of the output, and its columns.
#[derive(Clone, Copy)]
struct TilePlace {
    first: usize,
    column: usize,
    n: usize,
}

/// The microkernel: sums of `ROWS` columns of `left` × the columns of `right`, as many as a panel has
/// if `WHOLE`.
#[inline(always)]
fn microkernel<S: Simd, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    left: &Matrix<'_>,
    right: &Matrix<'_>,
    out: &mut [f32],
    TilePlace { first, column, n }: TilePlace,
    adds: bool,
) {
    let width = right.column_count();
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    let ((left_rows, last_left), (right_rows, last_right)) =
        (left.starting_at(first), right.starting_at(0));
    for (left, right) in left_rows.zip(right_rows) {
        add_row::<S, ROWS, WHOLE>(simd, &mut sums, left, right, width);
    }
    add_row::<S, ROWS, WHOLE>(simd, &mut sums, last_left, last_right, width);
    let out = &mut out[first * n + column..];
    for row in 0..ROWS {
        let out = &mut out[row * n..][..width];
        if adds {
            sums[row] = sum::<S, WHOLE>(simd, out, width, sums[row]);
        }
        store::<S, WHOLE>(simd, out, width, sums[row]);
    }
}

/// Adds the products of one row of each side: the left's first values, the right's first `width`.
#[inline(always)]
fn add_row<S: Simd, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    sums: &mut [[S::f32s; VECTORS]; ROWS],
    left: &[f32],
    right: &[f32],
    width: usize,
) {
    let left = &left[..ROWS];
    let vectors = load::<S, WHOLE>(simd, right, width);
    for row in 0..ROWS {
        let value = simd.splat_f32s(left[row]);
        for vector in 0..VECTORS {
            sums[row][vector] = simd.mul_add_e_f32s(value, vectors[vector], sums[row][vector]);
        }
    }
}
