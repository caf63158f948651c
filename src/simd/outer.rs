//! `leftᵀ · right`, the product that weight gradients are made of: a sum over long columns.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::line::{load, store, sum};
use super::panels::{VECTORS, tile_rows};
use super::{Arch, Rows};
use pulp::{Simd, WithSimd};

/// `out += leftᵀ · right` on the calling thread: `left` `[depth, m]`, `right` `[depth, n]`, `out`
/// `[m, n]` without gaps.
///
/// # Panics
/// If the sizes do not fit together.
pub(super) fn add_outer_products(arch: Arch, left: Rows<'_>, right: Rows<'_>, out: &mut [f32]) {
    assert_eq!(left.count(), right.count(), "inner sizes differ");
    assert_eq!(out.len(), left.width() * right.width(), "output");
    if left.count() == 0 {
        return;
    }
    arch.dispatch(OuterProducts { left, right, out });
}

struct OuterProducts<'a> {
    left: Rows<'a>,
    right: Rows<'a>,
    out: &'a mut [f32],
}

impl WithSimd for OuterProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let most = tile_rows::<S>();
        let (m, n) = (self.left.width(), self.right.width());
        let panel_width = VECTORS * S::F32_LANES;
        let tiles = m.div_ceil(most);
        let mut gathered = Vec::new();
        for column in (0..n).step_by(panel_width) {
            let width = panel_width.min(n - column);
            let mut right = self.right.part(column, width);
            if tiles > 1 && right.lies_scattered() {
                // Every row lies on a page of its own: walked through once instead of once per tile.
                gathered.resize(right.count() * width, 0.0);
                for (row, to) in gathered.chunks_exact_mut(width).enumerate() {
                    // Too short to call a copying function for.
                    for (to, from) in to.iter_mut().zip(right.row(row)) {
                        *to = *from;
                    }
                }
                right = Rows::new(&gathered, right.count(), width);
            }
            for tile in 0..tiles {
                let first = tile * m / tiles;
                let count = (tile + 1) * m / tiles - first;
                let whole = width == panel_width;
                let place = TilePlace { first, column, n };
                macro_rules! tile {
                    ($($rows:literal),*) => {
                        match (count, whole) {
                            $(
                                ($rows, true) => tile_sum::<S, $rows, true>(simd, &self.left, &right, self.out, place),
                                ($rows, false) => tile_sum::<S, $rows, false>(simd, &self.left, &right, self.out, place),
                            )*
                            _ => unreachable!("a tile has at most as many rows as registers allow"),
                        }
                    };
                }
                if S::REGISTER_COUNT >= 32 {
                    tile!(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
                } else {
                    tile!(1, 2, 3, 4, 5, 6);
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

#[inline(always)]
fn tile_sum<S: Simd, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    left: &Rows<'_>,
    right: &Rows<'_>,
    out: &mut [f32],
    TilePlace { first, column, n }: TilePlace,
) {
    let width = right.width();
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    let ((values, last_values), (lines, last_line)) =
        (left.starting_at(first), right.starting_at(0));
    for (values, line) in values.zip(lines) {
        add_row::<S, ROWS, WHOLE>(simd, &mut sums, values, line, width);
    }
    add_row::<S, ROWS, WHOLE>(simd, &mut sums, last_values, last_line, width);
    let lines = &mut out[first * n + column..];
    for row in 0..ROWS {
        let line = &mut lines[row * n..][..width];
        let values = sum::<S, WHOLE>(simd, line, width, sums[row]);
        store::<S, WHOLE>(simd, line, width, values);
    }
}

/// Adds the products of one row of each side: the left's first values, the right's first `width`.
#[inline(always)]
fn add_row<S: Simd, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    sums: &mut [[S::f32s; VECTORS]; ROWS],
    values: &[f32],
    line: &[f32],
    width: usize,
) {
    let values = &values[..ROWS];
    let vectors = load::<S, WHOLE>(simd, line, width);
    for row in 0..ROWS {
        let value = simd.splat_f32s(values[row]);
        for vector in 0..VECTORS {
            sums[row][vector] = simd.mul_add_e_f32s(value, vectors[vector], sums[row][vector]);
        }
    }
}
