//! The matrix product (GEMM) `left · right` in f32, with the right operand in packed panels.
//!
//! In the microkernel the sums of a few rows × one panel stay in registers down the whole depth. Each
//! step multiplies one broadcast value of each row by the vectors of the panel's row. The epilogue
//! overwrites the output, or adds to it; a bias is what the sums start from.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::dispatch::Arch;
use super::epilogue::Epilogue;
use super::masked::{load, store, sum};
use super::matrix::Matrix;
use super::matrix_mut::MatrixMut;
use super::packing::{Panels, VECTORS, tile_rows};
use pulp::{Simd, WithSimd};

/// Longest sum that is taken at once: that much of a panel stays in the L1 cache, whatever the
/// registers' width, beside the rows that it is multiplied with.
const DEPTH_AT_ONCE: usize = 256;

/// `out = left · right`, as `epilogue` says, on the calling thread: `left` `[rows, depth]`, `right`
/// `[depth, columns]`, `out` `[rows, columns]`.
///
/// # Panics
/// If the sizes do not fit together.
pub(super) fn matmul(
    arch: Arch,
    left: Matrix<'_>,
    right: &Panels,
    out: &mut MatrixMut<'_>,
    epilogue: Epilogue<'_>,
) {
    assert_eq!(left.column_count(), right.depth(), "inner sizes differ");
    assert_eq!(
        (out.row_count(), out.column_count()),
        (left.row_count(), right.columns()),
        "output"
    );
    if let Epilogue::Bias(bias) = epilogue {
        assert_eq!(bias.len(), right.columns(), "bias");
    }
    arch.dispatch(Matmul {
        left,
        right,
        out,
        epilogue,
    });
}

struct Matmul<'a, 'b> {
    left: Matrix<'a>,
    right: &'a Panels,
    out: &'a mut MatrixMut<'b>,
    epilogue: Epilogue<'a>,
}

impl WithSimd for Matmul<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let most = tile_rows::<S>();
        let (rows, columns) = (self.left.row_count(), self.right.columns());
        let tiles = rows.div_ceil(most);
        let (depth, panel_width) = (self.right.depth(), self.right.panel_width());
        let pieces = depth.div_ceil(DEPTH_AT_ONCE).max(1);
        for piece in 0..pieces {
            let first_step = piece * depth / pieces;
            let steps = (piece + 1) * depth / pieces - first_step;
            let left = self.left.columns(first_step, steps);
            let epilogue = match piece {
                0 => self.epilogue,
                _ => Epilogue::Accumulate,
            };
            for (index, panel) in self.right.panels().enumerate() {
                let panel = &panel[first_step * panel_width..][..steps * panel_width];
                let column = index * panel_width;
                for tile in 0..tiles {
                    // Tiles of about equal size: a last one of a single row would waste most of the registers.
                    let first = tile * rows / tiles;
                    let count = (tile + 1) * rows / tiles - first;
                    let whole = column + panel_width <= columns;
                    let place = TilePlace {
                        first,
                        column,
                        columns,
                    };
                    macro_rules! dispatch_rows {
                    ($($rows:literal),*) => {
                        match (count, whole) {
                            $(
                                ($rows, true) => microkernel::<S, $rows, true>(simd, &left, panel, self.out, place, epilogue),
                                ($rows, false) => microkernel::<S, $rows, false>(simd, &left, panel, self.out, place, epilogue),
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
}

/// Products of each sum that are added between two moves of the pointers.
const STEPS: usize = 4;

/// Top left corner of a tile of the output, and the output's columns.
#[derive(Clone, Copy)]
struct TilePlace {
    first: usize,
    column: usize,
    columns: usize,
}

/// The microkernel: sums of `ROWS` rows × one panel; `WHOLE` says that all the panel's columns are of
/// the matrix.
#[inline(always)]
fn microkernel<S: Simd, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    left: &Matrix<'_>,
    panel: &[f32],
    out: &mut MatrixMut<'_>,
    TilePlace {
        first,
        column,
        columns,
    }: TilePlace,
    epilogue: Epilogue<'_>,
) {
    let depth = left.column_count();
    let width = (columns - column).min(VECTORS * S::F32_LANES);
    let (vectors, _) = S::as_simd_f32s(panel).0.as_chunks::<VECTORS>();
    let vectors = &vectors[..depth];
    let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
    for row in 0..ROWS {
        rows[row] = &left.row(first + row)[..depth];
    }
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    if let Epilogue::Bias(bias) = epilogue {
        sums = [load::<S, WHOLE>(simd, &bias[column..], width); ROWS];
    }
    // A few steps at a time, so that moving the pointers of all rows costs little.
    let (blocks, rest) = vectors.as_chunks::<STEPS>();
    let mut values: [&[[f32; STEPS]]; ROWS] = [&[]; ROWS];
    for row in 0..ROWS {
        values[row] = &rows[row].as_chunks::<STEPS>().0[..blocks.len()];
    }
    for block in 0..blocks.len() {
        for step in 0..STEPS {
            for row in 0..ROWS {
                let value = simd.splat_f32s(values[row][block][step]);
                for vector in 0..VECTORS {
                    sums[row][vector] =
                        simd.mul_add_e_f32s(value, blocks[block][step][vector], sums[row][vector]);
                }
            }
        }
    }
    for step in 0..rest.len() {
        for row in 0..ROWS {
            let value = simd.splat_f32s(rows[row][depth - rest.len() + step]);
            for vector in 0..VECTORS {
                sums[row][vector] =
                    simd.mul_add_e_f32s(value, rest[step][vector], sums[row][vector]);
            }
        }
    }
    for row in 0..ROWS {
        let out = out.row_part(first + row, column, width);
        if let Epilogue::Accumulate = epilogue {
            sums[row] = sum::<S, WHOLE>(simd, out, width, sums[row]);
        }
        store::<S, WHOLE>(simd, out, width, sums[row]);
    }
}
