//! The products of an engine whose operands are bf16: rounding and packing around what the unit does.

use super::{Output, Rows};
use crate::simd::bf16;
use crate::simd::bf16::{Unit, at_least};
use rayon::prelude::*;
use std::cell::RefCell;

/// How a matrix that is packed stands in memory.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// `[depth, columns]`.
    AsItIs,
    /// `[columns, depth]`.
    Transposed,
}

/// The right operand of a product, `[depth, columns]`, rounded and cut into panels of a few columns.
#[derive(Clone, Debug)]
pub(super) struct Bf16Panels {
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
            values: vec![0; bf16::right_len(depth, columns)],
        }
    }

    /// Takes over a matrix whose rows stand `stride` values apart.
    pub fn pack(&mut self, source: &[f32], stride: usize, as_it_stands: Source) {
        let (unit, depth, columns) = (self.unit, self.depth, self.columns);
        match as_it_stands {
            Source::AsItIs => {
                let source = bf16::Rows::new(source, depth, columns, stride);
                unit.pack_right(&mut self.values, source);
            }
            Source::Transposed => {
                let source = bf16::Rows::new(source, columns, depth, stride);
                unit.pack_right_transposed(&mut self.values, source);
            }
        }
    }

    /// The same on all threads, a panel at a time.
    pub fn pack_in_parallel(&mut self, source: &[f32], stride: usize, as_it_stands: Source) {
        let (unit, depth, columns) = (self.unit, self.depth, self.columns);
        let panel_len = bf16::right_len(depth, bf16::PANEL);
        let panels = self.values.par_chunks_exact_mut(panel_len).enumerate();
        panels.for_each(|(panel, values)| {
            let first = panel * bf16::PANEL;
            let width = bf16::PANEL.min(columns - first);
            match as_it_stands {
                Source::AsItIs => {
                    let source = bf16::Rows::new(&source[first..], depth, width, stride);
                    unit.pack_right(values, source);
                }
                Source::Transposed => {
                    let source = bf16::Rows::new(&source[first * stride..], width, depth, stride);
                    unit.pack_right_transposed(values, source);
                }
            }
        });
    }

    /// `out = left · self` (or `+=`): `left` `[rows, depth]`, `out` `[rows, columns]` without gaps.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn multiply(&self, left: Rows<'_>, out: &mut [f32], output: Output<'_>) {
        let (rows, depth, columns) = (left.count(), self.depth, self.columns);
        assert_eq!(left.width(), depth, "inner sizes differ");
        assert_eq!(out.len(), rows * columns, "output");
        let output = match output {
            Output::Overwrite => bf16::Output::Overwrite,
            Output::Accumulate => bf16::Output::Accumulate,
            Output::AddTo(line) => {
                for row in out.chunks_exact_mut(columns) {
                    row.copy_from_slice(line);
                }
                bf16::Output::Accumulate
            }
        };
        PACKED.with_borrow_mut(|[packed, _]| {
            let packed = at_least(packed, bf16::left_len(rows, depth));
            self.unit.pack_left(packed, left.for_bf16());
            self.unit.product(
                bf16::Sums::new(out, rows, columns, columns),
                output,
                bf16::Left::new(packed, rows, depth),
                bf16::Right::new(&self.values, depth, columns),
            );
        });
    }
}

/// `out += leftᵀ · right`: `left` `[depth, m]`, `right` `[depth, n]`, `out` `[m, n]` without gaps.
///
/// # Panics
/// If the sizes do not fit together.
pub(super) fn add_outer_products(unit: Unit, left: Rows<'_>, right: Rows<'_>, out: &mut [f32]) {
    let (depth, m, n) = (left.count(), left.width(), right.width());
    assert_eq!(right.count(), depth, "inner sizes differ");
    assert_eq!(out.len(), m * n, "output");
    PACKED.with_borrow_mut(|[packed_left, packed_right]| {
        let packed_left = at_least(packed_left, bf16::right_len(depth, m));
        unit.pack_right(packed_left, left.for_bf16());
        let packed_right = at_least(packed_right, bf16::right_len(depth, n));
        unit.pack_right(packed_right, right.for_bf16());
        unit.product(
            bf16::Sums::new(out, m, n, n),
            bf16::Output::Accumulate,
            bf16::Left::transpose_of(bf16::Right::new(packed_left, depth, m)),
            bf16::Right::new(packed_right, depth, n),
        );
    });
}

thread_local! {
    /// Operands rounded and packed for one product: left, right.
    static PACKED: RefCell<[Vec<u16>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}
