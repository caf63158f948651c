//! Matrix products and packing without any particular instructions: the reference for the other units.

use super::convert::{to_bf16, to_f32};
use super::operands::{Left, PANEL, Right, Store, Sums, padded_inner};
use super::packing::{PAIRS, Pairs};
use super::tiling::{Start, Tiling};

/// Sixteen pairs of bf16 in memory; needs no particular instructions.
#[derive(Clone, Copy)]
pub(super) struct InMemory([[u16; 2]; PAIRS]);

impl Pairs for InMemory {
    #[inline(always)]
    unsafe fn zero() -> Self {
        Self([[0; 2]; PAIRS])
    }

    #[inline(always)]
    unsafe fn of_row(values: &[f32]) -> Self {
        let mut pairs = [[0; 2]; PAIRS];
        for (bf16, value) in pairs.as_flattened_mut().iter_mut().zip(values) {
            *bf16 = to_bf16(*value);
        }
        Self(pairs)
    }

    #[inline(always)]
    unsafe fn of_rows(first: &[f32], second: &[f32]) -> Self {
        let mut pairs = [[0; 2]; PAIRS];
        for (pair, value) in pairs.iter_mut().zip(first) {
            pair[0] = to_bf16(*value);
        }
        for (pair, value) in pairs.iter_mut().zip(second) {
            pair[1] = to_bf16(*value);
        }
        Self(pairs)
    }

    #[inline(always)]
    unsafe fn of_rounded_rows(first: &[u16], second: &[u16]) -> Self {
        let mut pairs = [[0; 2]; PAIRS];
        for (pair, value) in pairs.iter_mut().zip(first) {
            pair[0] = *value;
        }
        for (pair, value) in pairs.iter_mut().zip(second) {
            pair[1] = *value;
        }
        Self(pairs)
    }

    #[inline(always)]
    unsafe fn load(from: &[u16; 2 * PAIRS]) -> Self {
        let mut pairs = [[0; 2]; PAIRS];
        pairs.as_flattened_mut().copy_from_slice(from);
        Self(pairs)
    }

    #[inline(always)]
    unsafe fn transpose(block: [Self; PAIRS]) -> [Self; PAIRS] {
        let mut transposed = [Self([[0; 2]; PAIRS]); PAIRS];
        for (i, row) in block.iter().enumerate() {
            for (j, pair) in row.0.iter().enumerate() {
                transposed[j].0[i] = *pair;
            }
        }
        transposed
    }

    #[inline(always)]
    unsafe fn store(self, to: &mut [u16; 2 * PAIRS]) {
        to.copy_from_slice(self.0.as_flattened());
    }
}

/// `sums = left · right`, or `+=`; the shapes fit together.
pub(super) fn product(sums: Sums<'_>, store: Store, left: Left<'_>, right: Right<'_>) {
    let mut row = vec![0; left.inner];
    for i in 0..sums.rows {
        for (k, value) in row.iter_mut().enumerate() {
            *value = left.values[left.place(i, k)];
        }
        let sums = &mut sums.values[i * sums.stride..][..sums.columns];
        for (panel, sums) in sums.chunks_mut(PANEL).enumerate() {
            let panel = &right.values[panel * right.panel_len()..][..right.panel_len()];
            let mut total = [0.0; PANEL];
            if store == Store::Accumulate {
                total[..sums.len()].copy_from_slice(sums);
            }
            let (panel_rows, _) = panel.as_chunks::<{ 2 * PANEL }>();
            for (pair, columns) in row.chunks(2).zip(panel_rows) {
                for (k, value) in pair.iter().enumerate() {
                    let value = to_f32(*value);
                    for (total, column) in total.iter_mut().zip(columns.as_chunks::<2>().0) {
                        *total += value * to_f32(column[k]);
                    }
                }
            }
            sums.copy_from_slice(&total[..sums.len()]);
        }
    }
}

/// `sums = start + left · right` for operands that `tiling` checked.
pub(super) fn product_of_tiles(
    tiling: &Tiling,
    left: &[u16],
    right: Right<'_>,
    sums: &mut [f32],
    start: Start<'_>,
) {
    let (columns, padded) = (right.columns, padded_inner(tiling.segment).max(1));
    for tile in &tiling.tiles {
        for run in tiling.runs(tile) {
            for row in 0..run.count {
                let left = &left[tile.left + (run.first + row) * tiling.row_stride..];
                let sums = &mut sums[(run.sum_row + row * tiling.sum_step) * columns..][..columns];
                if let Start::Row(row) = start {
                    sums.copy_from_slice(&row[..columns]);
                }
                for k in (0..right.inner).filter(|k| k % padded < tiling.segment) {
                    let value = to_f32(left[k / padded * tiling.segment_stride + k % padded]);
                    let (pair, half) = (k / 2 * 2 * PANEL, k % 2);
                    for (column, sum) in sums.iter_mut().enumerate() {
                        let place = column / PANEL * right.panel_len() + pair + column % PANEL * 2;
                        *sum += value * to_f32(right.values[place + half]);
                    }
                }
            }
        }
    }
}
