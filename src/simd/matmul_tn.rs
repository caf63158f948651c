//! The matrix product (GEMM) `leftᵀ · right` of two row-major matrices in f32, which the gradients of
//! weights are: a sum of outer products of rows. Nothing is packed, since each operand is used once.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::dispatch::Arch;
use super::masked::{load, store, sum};
use super::matrix::Matrix;
use super::packing::VECTORS;
use super::windows::{Layout, Windows};
use pulp::{Simd, WithSimd};

/// `out = leftᵀ · right`, or `out += leftᵀ · right` if it `adds`, on the calling thread: `left`
/// `[depth, m]`, `right` `[depth, n]`, `out` `[m, n]` without gaps.
///
/// # Panics
/// If the sizes do not fit together.
pub(super) fn matmul_tn(
    arch: Arch,
    left: Windows<'_>,
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
    left: Windows<'a>,
    right: Matrix<'a>,
    out: &'a mut [f32],
    adds: bool,
}

impl WithSimd for MatmulTn<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (m, n) = (self.left.column_count(), self.right.column_count());
        let panel_width = VECTORS * S::F32_LANES;
        let mut gathered = Vec::new();
        for column in (0..n).step_by(panel_width) {
            let width = panel_width.min(n - column);
            let mut right = self.right.columns(column, width);
            if m > 6 && right.has_rows_on_separate_pages() {
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
            let tiles = Tiles {
                left: self.left,
                right,
                column,
                n,
                adds: self.adds,
            };
            match width <= S::F32_LANES {
                true => tiles.run::<S, 1>(simd, self.out),
                false => tiles.run::<S, VECTORS>(simd, self.out),
            }
        }
    }
}

/// The tiles of sums of some columns of the right operand.
#[derive(Clone, Copy)]
struct Tiles<'a> {
    left: Windows<'a>,
    right: Matrix<'a>,
    /// The first of these columns.
    column: usize,
    n: usize,
    adds: bool,
}

impl Tiles<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(self, simd: S, out: &mut [f32]) {
        let whole = V > 1 && self.right.column_count() == V * S::F32_LANES;
        let Layout {
            segments,
            segment_stride,
            segment,
            ..
        } = self.left.layout();
        // As many columns of the left operand as leave registers for the vectors and one broadcast; of a
        // narrow right operand as many as keep the units busy.
        let most = match V {
            1 => 8,
            _ if S::REGISTER_COUNT >= 32 => 12,
            _ => 6,
        };
        // Short runs, those of an image of one channel, share tiles.
        let shares = 2 * segment <= most && segments > 1;
        let (runs, rows) = match shares {
            true => (1, segments * segment),
            false => (segments, segment),
        };
        let tiles = rows.div_ceil(most);
        let (count, larger) = (rows / tiles.max(1), rows % tiles.max(1));
        for run in 0..runs {
            let mut place = Place {
                start: run * segment_stride,
                row: run * segment,
                shares,
            };
            for (count, tiles) in [(count + 1, larger), (count, tiles - larger)] {
                macro_rules! dispatch_rows {
                    ($whole:literal: $($rows:literal),*) => {
                        match count {
                            $($rows => for _ in 0..tiles {
                                self.tile::<S, V, $rows, $whole>(simd, out, place);
                                place.start += $rows;
                                place.row += $rows;
                            })*
                            _ if tiles == 0 => {}
                        _ => unreachable!("a tile has at most as many rows as registers allow"),
                        }
                    };
                }
                match (most, whole) {
                    (8, _) => dispatch_rows!(false: 1, 2, 3, 4, 5, 6, 7, 8),
                    (12, true) => dispatch_rows!(true: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                    (12, false) => dispatch_rows!(false: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                    (_, true) => dispatch_rows!(true: 1, 2, 3, 4, 5, 6),
                    (_, false) => dispatch_rows!(false: 1, 2, 3, 4, 5, 6),
                }
            }
        }
    }

    /// The microkernel: sums of `ROWS` columns of the left operand × the columns of the right one, which
    /// fill `V` vectors if `WHOLE`.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const ROWS: usize, const WHOLE: bool>(
        self,
        simd: S,
        out: &mut [f32],
        place: Place,
    ) {
        let width = self.right.column_count();
        let Layout {
            lines,
            line_stride,
            windows_per_line,
            window_stride,
            ..
        } = self.left.layout();
        let Place { start, row, shares } = place;
        let mut sums = [[simd.splat_f32s(0.0); V]; ROWS];
        for line in 0..lines {
            if shares {
                self.add_line_of_runs::<S, V, ROWS, WHOLE>(simd, &mut sums, line, row);
                continue;
            }
            let reach = (windows_per_line - 1) * window_stride + ROWS;
            let left = &self.left.values()[line * line_stride + start..][..reach];
            let right = self.right.rows(line * windows_per_line, windows_per_line);
            let (right_rows, last_right) = right.starting_at(0);
            // The last window apart: no other follows it, so that the others need no check.
            let (before, last_left) = left.split_at(reach - ROWS);
            if window_stride >= ROWS {
                let left_rows = before.chunks_exact(window_stride);
                for (left, right) in left_rows.zip(right_rows) {
                    add_row::<S, V, ROWS, WHOLE>(simd, &mut sums, &left[..ROWS], right, width);
                }
            } else {
                let left_rows = left.windows(ROWS).step_by(window_stride);
                for (left, right) in left_rows.zip(right_rows) {
                    add_row::<S, V, ROWS, WHOLE>(simd, &mut sums, left, right, width);
                }
            }
            add_row::<S, V, ROWS, WHOLE>(simd, &mut sums, last_left, last_right, width);
        }
        let out = &mut out[row * self.n + self.column..];
        for row in 0..ROWS {
            let out = &mut out[row * self.n..][..width];
            if self.adds {
                sums[row] = sum::<S, V, WHOLE>(simd, out, width, sums[row]);
            }
            store::<S, V, WHOLE>(simd, out, width, sums[row]);
        }
    }

    /// Adds the products of one line of windows, where the tile's columns, from `first` on, are of several
    /// runs.
    #[inline(always)]
    fn add_line_of_runs<S: Simd, const V: usize, const ROWS: usize, const WHOLE: bool>(
        self,
        simd: S,
        sums: &mut [[S::f32s; V]; ROWS],
        line: usize,
        first: usize,
    ) {
        let Layout {
            line_stride,
            windows_per_line,
            window_stride,
            segment_stride,
            segment,
            ..
        } = self.left.layout();
        let reach = (windows_per_line - 1) * window_stride + 1;
        let mut columns: [&[f32]; ROWS] = [&[]; ROWS];
        for row in 0..ROWS {
            let (run, at) = ((first + row) / segment, (first + row) % segment);
            let start = line * line_stride + run * segment_stride + at;
            columns[row] = &self.left.values()[start..][..reach];
        }
        let width = self.right.column_count();
        for window in 0..windows_per_line {
            let right = self.right.row(line * windows_per_line + window);
            let mut left = [0.0; ROWS];
            for row in 0..ROWS {
                left[row] = columns[row][window * window_stride];
            }
            add_row::<S, V, ROWS, WHOLE>(simd, sums, &left, right, width);
        }
    }
}

/// A tile's first column of the left operand.
#[derive(Clone, Copy)]
struct Place {
    /// Its first value, from the start of a window.
    start: usize,
    /// Its row of the output.
    row: usize,
    /// Whether the tile's columns are of several runs.
    shares: bool,
}

/// Adds the products of one row of each side: the left's first values, the right's first `width`.
#[inline(always)]
fn add_row<S: Simd, const V: usize, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    sums: &mut [[S::f32s; V]; ROWS],
    left: &[f32],
    right: &[f32],
    width: usize,
) {
    let left = &left[..ROWS];
    let vectors = load::<S, V, WHOLE>(simd, right, width);
    for row in 0..ROWS {
        let value = simd.splat_f32s(left[row]);
        for vector in 0..V {
            sums[row][vector] = simd.mul_add_e_f32s(value, vectors[vector], sums[row][vector]);
        }
    }
}
