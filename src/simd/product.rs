//! The matrix product `left · right`, with the right operand in panels.
//!
//! A tile of a few rows × one panel stays in registers while it runs down the whole depth: per step
//! one broadcast value of each row meets the vectors of the panel's row.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::line::{load, store, sum};
use super::panels::{VECTORS, tile_rows};
use super::{Arch, Panels, Rows};
use pulp::{Simd, WithSimd};

/// What happens to the values that are in the output already.
#[derive(Clone, Copy, Debug)]
pub enum Output<'a> {
    /// They are replaced.
    Overwrite,
    /// The product is added to them.
    Accumulate,
    /// They are replaced by the product plus this, `[columns]`, in every row.
    AddTo(&'a [f32]),
}

/// `out = left · right` (or `+=`) on the calling thread: `left` `[rows, depth]`, `right`
/// `[depth, columns]`, `out` `[rows, columns]` without gaps.
///
/// # Panics
/// If the sizes do not fit together.
pub(super) fn product(
    arch: Arch,
    left: Rows<'_>,
    right: &Panels,
    out: &mut [f32],
    output: Output<'_>,
) {
    assert_eq!(left.width(), right.depth(), "inner sizes differ");
    assert_eq!(out.len(), left.count() * right.columns(), "output");
    if let Output::AddTo(line) = output {
        assert_eq!(line.len(), right.columns(), "what is added");
    }
    arch.dispatch(Product {
        left,
        right,
        out,
        output,
    });
}

struct Product<'a> {
    left: Rows<'a>,
    right: &'a Panels,
    out: &'a mut [f32],
    output: Output<'a>,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let most = tile_rows::<S>();
        let (rows, columns) = (self.left.count(), self.right.columns());
        let tiles = rows.div_ceil(most);
        for (index, panel) in self.right.panels().enumerate() {
            let column = index * self.right.panel_width();
            for tile in 0..tiles {
                // Evenly sized tiles: a last one of a single row would waste most of the registers.
                let first = tile * rows / tiles;
                let count = (tile + 1) * rows / tiles - first;
                let whole = column + self.right.panel_width() <= columns;
                let place = TilePlace {
                    first,
                    column,
                    columns,
                };
                macro_rules! tile {
                    ($($rows:literal),*) => {
                        match (count, whole) {
                            $(
                                ($rows, true) => tile_product::<S, $rows, true>(simd, &self.left, panel, self.out, place, self.output),
                                ($rows, false) => tile_product::<S, $rows, false>(simd, &self.left, panel, self.out, place, self.output),
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

/// Top left corner of a tile of the output, and the output's columns.
#[derive(Clone, Copy)]
struct TilePlace {
    first: usize,
    column: usize,
    columns: usize,
}

#[inline(always)]
fn tile_product<S: Simd, const ROWS: usize, const WHOLE: bool>(
    simd: S,
    left: &Rows<'_>,
    panel: &[f32],
    out: &mut [f32],
    TilePlace {
        first,
        column,
        columns,
    }: TilePlace,
    output: Output<'_>,
) {
    let depth = left.width();
    let width = (columns - column).min(VECTORS * S::F32_LANES);
    let (vectors, _) = S::as_simd_f32s(panel).0.as_chunks::<VECTORS>();
    let vectors = &vectors[..depth];
    let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
    for row in 0..ROWS {
        rows[row] = &left.row(first + row)[..depth];
    }
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    if let Output::AddTo(line) = output {
        sums = [load::<S, WHOLE>(simd, &line[column..], width); ROWS];
    }
    for k in 0..depth {
        for row in 0..ROWS {
            let value = simd.splat_f32s(rows[row][k]);
            for vector in 0..VECTORS {
                sums[row][vector] =
                    simd.mul_add_e_f32s(value, vectors[k][vector], sums[row][vector]);
            }
        }
    }
    let lines = &mut out[first * columns + column..];
    for row in 0..ROWS {
        let line = &mut lines[row * columns..][..width];
        if let Output::Accumulate = output {
            sums[row] = sum::<S, WHOLE>(simd, line, width, sums[row]);
        }
        store::<S, WHOLE>(simd, line, width, sums[row]);
    }
}
