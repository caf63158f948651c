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
use super::matrix_mut::MatrixMut;
use super::packing::{Panels, VECTORS};
use super::tile::{holds, most_rows, tile_rows};
use super::windows::{Layout, Windows};
use pulp::{Simd, WithSimd};

/// Longest sum that is taken at once: that much of a panel stays in the L1 cache, whatever the
/// registers' width, beside the rows that it is multiplied with.
const DEPTH_AT_ONCE: usize = 256;

/// Products of each sum that are added between two moves of the pointers.
const STEPS: usize = 4;

/// `out = left · right`, as `epilogue` says, on the calling thread: `left` `[rows, depth]`, `right`
/// `[depth, columns]`, `out` `[rows, columns]`.
///
/// # Panics
/// If the sizes do not fit together.
pub(super) fn matmul(
    arch: Arch,
    left: Windows<'_>,
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
    let panel_width = right.panel_width();
    let mut is_first = true;
    for piece in pieces(left.layout()) {
        let epilogue = match is_first {
            true => epilogue,
            false => Epilogue::Accumulate,
        };
        is_first = false;
        for (index, panel) in right.panels().enumerate() {
            let column = index * panel_width;
            let tiles = Tiles {
                arch,
                left,
                piece,
                panel: &panel[piece.depth * panel_width..][..piece.steps() * panel_width],
                column,
                width: panel_width.min(right.columns() - column),
                epilogue,
            };
            // A narrow rest of the columns, or all of a narrow matrix: more rows at a time in half the
            // vectors. It is seldom full and always takes masks, which cost little at the end of a sum.
            match tiles.width {
                width if width == panel_width => tiles.run::<VECTORS, true>(out),
                width if width > panel_width / VECTORS => tiles.run::<VECTORS, false>(out),
                _ => tiles.run::<1, false>(out),
            }
        }
    }
}

/// A part of all sums: some runs of every window, or some values of one run.
#[derive(Clone, Copy)]
struct Piece {
    /// The row of a panel that belongs to its first value.
    depth: usize,
    /// Its first value from the start of a window.
    start: usize,
    segments: usize,
    segment: usize,
}

impl Piece {
    fn steps(&self) -> usize {
        self.segments * self.segment
    }
}

/// The pieces, in the order of the sums.
fn pieces(layout: Layout) -> impl Iterator<Item = Piece> {
    let Layout {
        segments,
        segment_stride,
        segment,
        ..
    } = layout;
    // As many whole runs as fit, or parts of one.
    let at_once = (DEPTH_AT_ONCE / segment.max(1)).clamp(1, segments.max(1));
    let groups = segments.div_ceil(at_once).max(1);
    let parts = segment.div_ceil(DEPTH_AT_ONCE).max(1);
    (0..groups * parts).map(move |piece| {
        let (group, part) = (piece / parts, piece % parts);
        let first = group * segments / groups;
        let from = part * segment / parts;
        Piece {
            depth: first * segment + from,
            start: first * segment_stride + from,
            segments: (group + 1) * segments / groups - first,
            segment: (part + 1) * segment / parts - from,
        }
    })
}

/// The tiles of sums of one panel.
struct Tiles<'a> {
    arch: Arch,
    left: Windows<'a>,
    piece: Piece,
    panel: &'a [f32],
    /// The panel's first column.
    column: usize,
    /// Columns of the matrix in the panel.
    width: usize,
    epilogue: Epilogue<'a>,
}

impl Tiles<'_> {
    /// All rows × the panel, in `V` vectors, which its columns fill if `WHOLE`.
    fn run<const V: usize, const WHOLE: bool>(&self, out: &mut MatrixMut<'_>) {
        let mut first = 0;
        for count in tile_rows(self.left.row_count(), most_rows(self.arch, V)) {
            macro_rules! dispatch_rows {
                ($($rows:literal),*) => {
                    match count {
                        $($rows => self.arch.dispatch(Tile::<V, $rows, WHOLE> {
                            tiles: self,
                            out: &mut *out,
                            first,
                        }),)*
                        _ => unreachable!("a tile has at most as many rows as registers allow"),
                    }
                };
            }
            dispatch_rows!(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
            first += count;
        }
    }
}

/// The microkernel: the sums of `ROWS` rows × the first columns of a panel, in `V` vectors.
///
/// Each is a function of its own, called for each tile: where the compiler sees several in one loop, it
/// moves sums out of the registers.
struct Tile<'a, 'b, 'c, const V: usize, const ROWS: usize, const WHOLE: bool> {
    tiles: &'a Tiles<'a>,
    out: &'b mut MatrixMut<'c>,
    /// The first of its rows.
    first: usize,
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
            piece:
                Piece {
                    start,
                    segments,
                    segment,
                    ..
                },
            panel,
            column,
            width,
            epilogue,
            ..
        } = *self.tiles;
        // A width that the compiler knows spares tests for every row.
        let width = match WHOLE {
            true => V * S::F32_LANES,
            false => width,
        };
        let first = self.first;
        let segment_stride = left.layout().segment_stride;
        let starts = left.starts::<ROWS>(first);
        let (vectors, _) = S::as_simd_f32s(panel).0.as_chunks::<VECTORS>();
        let mut sums = [[simd.splat_f32s(0.0); V]; ROWS];
        if let Epilogue::Bias(bias) = epilogue {
            sums = [load::<S, V, WHOLE>(simd, &bias[column..], width); ROWS];
        }
        for run in 0..segments {
            let vectors = &vectors[run * segment..][..segment];
            let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
            for row in 0..ROWS {
                let at = starts[row] + start + run * segment_stride;
                rows[row] = &left.values()[at..][..segment];
            }
            sums = add_run::<S, V, ROWS>(simd, sums, rows, vectors);
        }
        let out = self.out.row_parts::<ROWS>(first, column, width);
        for (row, out) in out.into_iter().enumerate() {
            if let Epilogue::Accumulate = epilogue {
                sums[row] = sum::<S, V, WHOLE>(simd, out, width, sums[row]);
            }
            store::<S, V, WHOLE>(simd, out, width, sums[row]);
        }
    }
}

/// `sums` with the products of one run of every row, all as long as `vectors`. By value: through a
/// reference, each sum would be written to memory at each step.
#[inline(always)]
fn add_run<S: Simd, const V: usize, const ROWS: usize>(
    simd: S,
    mut sums: [[S::f32s; V]; ROWS],
    rows: [&[f32]; ROWS],
    vectors: &[[S::f32s; VECTORS]],
) -> [[S::f32s; V]; ROWS] {
    // A few steps at a time, so that moving the pointers of all rows costs little.
    let (blocks, rest) = vectors.as_chunks::<STEPS>();
    let mut values: [&[[f32; STEPS]]; ROWS] = [&[]; ROWS];
    let mut last: [&[f32]; ROWS] = [&[]; ROWS];
    for row in 0..ROWS {
        let (whole, part) = rows[row].as_chunks::<STEPS>();
        values[row] = &whole[..blocks.len()];
        last[row] = &part[..rest.len()];
    }
    for block in 0..blocks.len() {
        for step in 0..STEPS {
            for row in 0..ROWS {
                let value = simd.splat_f32s(values[row][block][step]);
                for vector in 0..V {
                    let product = blocks[block][step][vector];
                    sums[row][vector] = simd.mul_add_e_f32s(value, product, sums[row][vector]);
                }
            }
        }
    }
    for step in 0..rest.len() {
        for row in 0..ROWS {
            let value = simd.splat_f32s(last[row][step]);
            for vector in 0..V {
                sums[row][vector] =
                    simd.mul_add_e_f32s(value, rest[step][vector], sums[row][vector]);
            }
        }
    }
    sums
}
