//! The matrix product (GEMM) `leftᵀ · right` of two row-major matrices in f32, which the gradients of
//! weights are: a sum of outer products of rows. Nothing is packed, since each operand is used once.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::dispatch::{Arch, lanes};
use super::masked::{load, store, sum};
use super::matrix::Matrix;
use super::matrix_mut::MatrixMut;
use super::packing::VECTORS;
use super::tile::{holds, most_rows, tile_rows};
use super::windows::{Layout, Windows};
use pulp::{Simd, WithSimd};

/// Rows of the result from which on it pays to gather the right operand's rows.
const FEWEST_ROWS: usize = 6;

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
    let n = right.column_count();
    let out = &mut MatrixMut::new(out, left.column_count(), n);
    let panel_width = VECTORS * lanes(arch);
    let mut gathered = Vec::new();
    for column in (0..n).step_by(panel_width) {
        let width = panel_width.min(n - column);
        let mut right = right.columns(column, width);
        if left.column_count() > FEWEST_ROWS && right.has_rows_on_separate_pages() {
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
            arch,
            left,
            right,
            column,
            adds,
        };
        match width {
            width if width == panel_width => tiles.run::<VECTORS, true>(out),
            width if width > panel_width / VECTORS => tiles.run::<VECTORS, false>(out),
            _ => tiles.run::<1, false>(out),
        }
    }
}

/// The tiles of sums of some columns of the right operand.
struct Tiles<'a> {
    arch: Arch,
    left: Windows<'a>,
    right: Matrix<'a>,
    /// The first of these columns.
    column: usize,
    adds: bool,
}

impl Tiles<'_> {
    /// All columns of the left operand × these of the right one, in `V` vectors, which they fill if `WHOLE`.
    fn run<const V: usize, const WHOLE: bool>(&self, out: &mut MatrixMut<'_>) {
        let Layout {
            segments,
            segment_stride,
            segment,
            ..
        } = self.left.layout();
        let most = most_rows(self.arch, V);
        // Short runs, those of an image of one channel, share tiles.
        let shares = 2 * segment <= most && segments > 1;
        let (runs, rows) = match shares {
            true => (1, segments * segment),
            false => (segments, segment),
        };
        for run in 0..runs {
            let mut place = Place {
                start: run * segment_stride,
                row: run * segment,
                shares,
            };
            for count in tile_rows(rows, most) {
                macro_rules! dispatch_rows {
                    ($($rows:literal),*) => {
                        match count {
                            $($rows => self.arch.dispatch(Tile::<V, $rows, WHOLE> {
                                tiles: self,
                                out: &mut *out,
                                place,
                            }),)*
                            _ => unreachable!("a tile has at most as many rows as registers allow"),
                        }
                    };
                }
                dispatch_rows!(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
                place.start += count;
                place.row += count;
            }
        }
    }
}

/// The microkernel: sums of `ROWS` columns of the left operand × the columns of the right one, in `V`
/// vectors. A function of its own for each size, as in [`matmul`](super::matmul).
struct Tile<'a, 'b, 'c, const V: usize, const ROWS: usize, const WHOLE: bool> {
    tiles: &'a Tiles<'a>,
    out: &'b mut MatrixMut<'c>,
    place: Place,
}

impl<const V: usize, const ROWS: usize, const WHOLE: bool> WithSimd
    for Tile<'_, '_, '_, V, ROWS, WHOLE>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if !holds::<S>(V, ROWS) {
            unreachable!("the registers do not hold so many sums");
        }
        let Tiles {
            left,
            right,
            column,
            adds,
            ..
        } = *self.tiles;
        // A width that the compiler knows spares tests for every row.
        let width = match WHOLE {
            true => V * S::F32_LANES,
            false => right.column_count(),
        };
        let Layout {
            lines,
            line_stride,
            windows_per_line,
            window_stride,
            ..
        } = left.layout();
        let Place { start, row, shares } = self.place;
        let mut sums = [[simd.splat_f32s(0.0); V]; ROWS];
        for line in 0..lines {
            if shares {
                sums = add_line_of_runs::<S, V, ROWS, WHOLE>(simd, sums, self.tiles, line, row);
                continue;
            }
            let reach = (windows_per_line - 1) * window_stride + ROWS;
            let left = &left.values()[line * line_stride + start..][..reach];
            let right = right.rows(line * windows_per_line, windows_per_line);
            let (right_rows, last_right) = right.starting_at(0);
            // The last window apart: no other follows it, so that the others need no check.
            let (before, last_left) = left.split_at(reach - ROWS);
            if window_stride >= ROWS {
                let left_rows = before.chunks_exact(window_stride);
                for (left, right) in left_rows.zip(right_rows) {
                    sums = add_row::<S, V, ROWS, WHOLE>(simd, sums, &left[..ROWS], right, width);
                }
            } else {
                let left_rows = left.windows(ROWS).step_by(window_stride);
                for (left, right) in left_rows.zip(right_rows) {
                    sums = add_row::<S, V, ROWS, WHOLE>(simd, sums, left, right, width);
                }
            }
            sums = add_row::<S, V, ROWS, WHOLE>(simd, sums, last_left, last_right, width);
        }
        let out = self.out.row_parts::<ROWS>(row, column, width);
        for (row, out) in out.into_iter().enumerate() {
            if adds {
                sums[row] = sum::<S, V, WHOLE>(simd, out, width, sums[row]);
            }
            store::<S, V, WHOLE>(simd, out, width, sums[row]);
        }
    }
}

/// `sums` with the products of one line of windows, where the tile's columns, from `first` on, are of several
/// runs.
#[inline(always)]
fn add_line_of_runs<S: Simd, const V: usize, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    mut sums: [[S::f32s; V]; ROWS],
    Tiles { left, right, .. }: &Tiles<'_>,
    line: usize,
    first: usize,
) -> [[S::f32s; V]; ROWS] {
    let Layout {
        line_stride,
        windows_per_line,
        window_stride,
        segment_stride,
        segment,
        ..
    } = left.layout();
    let reach = (windows_per_line - 1) * window_stride + 1;
    let mut columns: [&[f32]; ROWS] = [&[]; ROWS];
    for row in 0..ROWS {
        let (run, at) = ((first + row) / segment, (first + row) % segment);
        let start = line * line_stride + run * segment_stride + at;
        columns[row] = &left.values()[start..][..reach];
    }
    let width = right.column_count();
    for window in 0..windows_per_line {
        let right = right.row(line * windows_per_line + window);
        let mut left = [0.0; ROWS];
        for row in 0..ROWS {
            left[row] = columns[row][window * window_stride];
        }
        sums = add_row::<S, V, ROWS, WHOLE>(simd, sums, &left, right, width);
    }
    sums
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

/// `sums` with the products of one row of each side: the left's first values, the right's first `width`.
#[inline(always)]
fn add_row<S: Simd, const V: usize, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    mut sums: [[S::f32s; V]; ROWS],
    left: &[f32],
    right: &[f32],
    width: usize,
) -> [[S::f32s; V]; ROWS] {
    let left = &left[..ROWS];
    let vectors = load::<S, V, WHOLE>(simd, right, width);
    for row in 0..ROWS {
        let value = simd.splat_f32s(left[row]);
        for vector in 0..V {
            sums[row][vector] = simd.mul_add_e_f32s(value, vectors[vector], sums[row][vector]);
        }
    }
    sums
}
