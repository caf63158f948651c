//! Matrix products of f32 matrices on a bf16 unit: rounding and packing the operands around the unit's
//! product.

use super::operands::{Left, PANEL, Right, Store, Sums, at_least, left_len, right_len};
use super::unit::Unit;
use crate::parallel::Metered;
use crate::simd::epilogue::Epilogue;
use crate::simd::matrix::Matrix;
use rayon::prelude::*;
use std::cell::RefCell;

/// How the matrix to be packed is laid out in memory.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// `[depth, columns]`.
    Plain,
    /// `[columns, depth]`.
    Transposed,
}

/// The right operand of a product, `[depth, columns]`, rounded and cut into panels of a few columns.
#[derive(Clone, Debug)]
pub struct Bf16Panels {
    unit: Unit,
    depth: usize,
    columns: usize,
    values: Vec<u16>,
}

impl Bf16Panels {
    /// Zeros.
    pub fn new(unit: Unit, depth: usize, columns: usize) -> Self {
        Self {
            unit,
            depth,
            columns,
            values: vec![0; right_len(depth, columns)],
        }
    }

    /// Packs a matrix whose rows start `stride` values apart.
    pub fn pack(&mut self, source: &[f32], stride: usize, layout: Source) {
        let (unit, depth, columns) = (self.unit, self.depth, self.columns);
        match layout {
            Source::Plain => {
                let source = Matrix::strided(source, depth, columns, stride);
                unit.pack_right(&mut self.values, source);
            }
            Source::Transposed => {
                let source = Matrix::strided(source, columns, depth, stride);
                unit.pack_right_transposed(&mut self.values, source);
            }
        }
    }

    /// [`pack`](Self::pack) on all threads, a panel at a time.
    pub fn pack_in_parallel(&mut self, source: &[f32], stride: usize, layout: Source) {
        let (unit, depth, columns) = (self.unit, self.depth, self.columns);
        let panel_len = right_len(depth, PANEL);
        let panels = self.values.par_chunks_exact_mut(panel_len).enumerate();
        panels.for_each_metered(|(panel, values)| {
            let first = panel * PANEL;
            let width = PANEL.min(columns - first);
            match layout {
                Source::Plain => {
                    let source = Matrix::strided(&source[first..], depth, width, stride);
                    unit.pack_right(values, source);
                }
                Source::Transposed => {
                    let source = Matrix::strided(&source[first * stride..], width, depth, stride);
                    unit.pack_right_transposed(values, source);
                }
            }
        });
    }

    /// `out = left · self`, as `epilogue` says, on the calling thread: `left` `[rows, depth]`,
    /// `out` `[rows, columns]` without gaps.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn matmul(&self, left: Matrix<'_>, out: &mut [f32], epilogue: Epilogue<'_>) {
        let (rows, depth, columns) = (left.row_count(), self.depth, self.columns);
        assert_eq!(left.column_count(), depth, "inner sizes differ");
        assert_eq!(out.len(), rows * columns, "output");
        let store = match epilogue {
            Epilogue::Overwrite => Store::Overwrite,
            Epilogue::Accumulate => Store::Accumulate,
            Epilogue::Bias(bias) => {
                for row in out.chunks_exact_mut(columns) {
                    row.copy_from_slice(bias);
                }
                Store::Accumulate
            }
        };
        PACKED.with_borrow_mut(|[packed, _]| {
            let packed = at_least(packed, left_len(rows, depth));
            self.unit.pack_left(packed, left);
            self.unit.product(
                Sums::new(out, rows, columns, columns),
                store,
                Left::new(packed, rows, depth),
                Right::new(&self.values, depth, columns),
            );
        });
    }
}

/// `out += leftᵀ · right` on the calling thread: `left` `[depth, m]`, `right` `[depth, n]`, `out`
/// `[m, n]` without gaps.
///
/// # Panics
/// If the sizes do not fit together.
pub fn add_matmul_tn(unit: Unit, left: Matrix<'_>, right: Matrix<'_>, out: &mut [f32]) {
    let (depth, m, n) = (left.row_count(), left.column_count(), right.column_count());
    assert_eq!(right.row_count(), depth, "inner sizes differ");
    assert_eq!(out.len(), m * n, "output");
    PACKED.with_borrow_mut(|[packed_left, packed_right]| {
        let packed_left = at_least(packed_left, right_len(depth, m));
        unit.pack_right(packed_left, left);
        let packed_right = at_least(packed_right, right_len(depth, n));
        unit.pack_right(packed_right, right);
        unit.product(
            Sums::new(out, m, n, n),
            Store::Accumulate,
            Left::transpose_of(Right::new(packed_left, depth, m)),
            Right::new(packed_right, depth, n),
        );
    });
}

thread_local! {
    /// Operands rounded and packed for one product: left, right.
    static PACKED: RefCell<[Vec<u16>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}
