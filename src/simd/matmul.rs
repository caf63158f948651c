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
    arch.dispatch(Matmul {
        left,
        right,
        out,
        epilogue,
    });
}

struct Matmul<'a, 'b> {
    left: Windows<'a>,
    right: &'a Panels,
    out: &'a mut MatrixMut<'b>,
    epilogue: Epilogue<'a>,
}

impl WithSimd for Matmul<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let panel_width = self.right.panel_width();
        let mut is_first = true;
        for piece in pieces(self.left.layout()) {
            let epilogue = match is_first {
                true => self.epilogue,
                false => Epilogue::Accumulate,
            };
            is_first = false;
            for (index, panel) in self.right.panels().enumerate() {
                let panel = &panel[piece.depth * panel_width..][..piece.steps() * panel_width];
                let tiles = Tiles {
                    left: self.left,
                    piece,
                    panel,
                    column: index * panel_width,
                    epilogue,
                };
                match tiles.width::<S>(self.right.columns()) {
                    // A narrow rest of the columns, or all of a narrow matrix: twice the rows at a time
                    // in half the vectors.
                    width if width <= S::F32_LANES => tiles.run::<S, 1>(simd, self.out, width),
                    width => tiles.run::<S, VECTORS>(simd, self.out, width),
                }
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
#[derive(Clone, Copy)]
struct Tiles<'a> {
    left: Windows<'a>,
    piece: Piece,
    panel: &'a [f32],
    /// The panel's first column.
    column: usize,
    epilogue: Epilogue<'a>,
}

impl Tiles<'_> {
    /// Columns of the matrix, which has `columns`, in the panel.
    #[inline(always)]
    fn width<S: Simd>(&self, columns: usize) -> usize {
        (columns - self.column).min(VECTORS * S::F32_LANES)
    }

    #[inline(always)]
    fn run<S: Simd, const V: usize>(self, simd: S, out: &mut MatrixMut<'_>, width: usize) {
        // As many rows as leave registers for the panel's vectors and one broadcast; of a narrow panel as
        // many as keep the units busy.
        let most = match V {
            1 => 8,
            _ if S::REGISTER_COUNT >= 32 => 12,
            _ => 6,
        };
        let rows = self.left.row_count();
        let tiles = rows.div_ceil(most);
        // A narrow panel is seldom full: it always takes masks, which cost little at the end of a sum.
        let whole = V > 1 && width == V * S::F32_LANES;
        // Tiles of about equal size: a last one of a single row would waste most of the registers.
        let (least, larger) = (rows / tiles.max(1), rows % tiles.max(1));
        let mut first = 0;
        for tile in 0..tiles {
            let count = least + usize::from(tile < larger);
            // One call for each count in a loop over tiles, not a loop for each: of the latter the
            // compiler moves loads out of the microkernel, more than there are registers for.
            macro_rules! dispatch_rows {
                ($whole:literal: $($rows:literal),*) => {
                    match count {
                        $($rows => self.tile::<S, V, $rows, $whole>(simd, out, first, width),)*
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
            first += count;
        }
    }

    /// The microkernel: sums of the rows from `first` on × the panel's first `width` columns; `WHOLE`
    /// says that they fill `V` vectors.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const ROWS: usize, const WHOLE: bool>(
        self,
        simd: S,
        out: &mut MatrixMut<'_>,
        first: usize,
        width: usize,
    ) {
        let Piece {
            start,
            segments,
            segment,
            ..
        } = self.piece;
        let values = self.left.values();
        let segment_stride = self.left.layout().segment_stride;
        let starts = self.left.starts::<ROWS>(first);
        let (vectors, _) = S::as_simd_f32s(self.panel).0.as_chunks::<VECTORS>();
        let mut sums = [[simd.splat_f32s(0.0); V]; ROWS];
        if let Epilogue::Bias(bias) = self.epilogue {
            sums = [load::<S, V, WHOLE>(simd, &bias[self.column..], width); ROWS];
        }
        for run in 0..segments {
            let vectors = &vectors[run * segment..][..segment];
            let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
            for row in 0..ROWS {
                let at = starts[row] + start + run * segment_stride;
                rows[row] = &values[at..][..segment];
            }
            add_run::<S, V, ROWS>(simd, &mut sums, rows, vectors);
        }
        for row in 0..ROWS {
            let out = out.row_part(first + row, self.column, width);
            if let Epilogue::Accumulate = self.epilogue {
                sums[row] = sum::<S, V, WHOLE>(simd, out, width, sums[row]);
            }
            store::<S, V, WHOLE>(simd, out, width, sums[row]);
        }
    }
}

/// Adds the products of one run of every row, all as long as `vectors`.
#[inline(always)]
fn add_run<S: Simd, const V: usize, const ROWS: usize>(
    simd: S,
    sums: &mut [[S::f32s; V]; ROWS],
    rows: [&[f32]; ROWS],
    vectors: &[[S::f32s; VECTORS]],
) {
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
}
