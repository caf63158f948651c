//! Packing of the right operand of [`matmul`](super::matmul): panels as wide as a tile of registers.

use super::dispatch::{Arch, lanes};
use crate::parallel::Metered;
use crate::simd::buffer::Buffer;
use rayon::prelude::*;

/// Vector registers side by side in a panel.
pub(super) const VECTORS: usize = 2;

/// Columns of a panel on the widest vector registers there are, those of AVX-512.
pub(super) const WIDEST_PANEL: usize = VECTORS * 16;

/// A matrix `[depth, columns]` cut into panels of a few columns: `[panel, depth, panel_width]`, zeros
/// after the last column. The microkernel reads a panel from start to end.
#[derive(Clone, Debug)]
pub(super) struct Panels {
    depth: usize,
    columns: usize,
    panel_width: usize,
    values: Buffer,
}

impl Panels {
    /// Zeros, for the registers of `arch`.
    pub fn new(arch: Arch, depth: usize, columns: usize) -> Self {
        let panel_width = VECTORS * lanes(arch);
        Self {
            depth,
            columns,
            panel_width,
            values: Buffer::zeros(columns.div_ceil(panel_width) * panel_width * depth),
        }
    }

    /// Makes it a matrix of another size; the values are arbitrary, zeros after the last column.
    pub fn reshape(&mut self, depth: usize, columns: usize) {
        (self.depth, self.columns) = (depth, columns);
        let width = self.panel_width;
        self.values.size(columns.div_ceil(width) * width * depth);
        if !columns.is_multiple_of(width) && depth > 0 {
            let last = columns / width * width * depth;
            self.values[last..].fill(0.0);
        }
    }

    /// Rows of the matrix: the length of the sums.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Columns of the matrix.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Columns of a panel.
    pub(super) fn panel_width(&self) -> usize {
        self.panel_width
    }

    /// The panels, one after the other.
    pub(super) fn panels(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.depth * self.panel_width)
    }

    /// Packs a matrix whose value (`row`, `column`) is at
    /// `row · row_stride + column · column_stride`.
    pub fn pack(&mut self, source: &[f32], row_stride: usize, column_stride: usize) {
        let (columns, width) = (self.columns, self.panel_width);
        for (index, panel) in self.panels_mut().enumerate() {
            let filled = width.min(columns - index * width);
            let source = &source[index * width * column_stride..];
            pack_panel(panel, width, filled, source, row_stride, column_stride);
        }
    }

    /// [`pack`](Self::pack) on all threads.
    pub fn pack_in_parallel(&mut self, source: &[f32], row_stride: usize, column_stride: usize) {
        let (columns, width) = (self.columns, self.panel_width);
        let panels = self.values.par_chunks_exact_mut(self.depth * width);
        panels.enumerate().for_each_metered(|(index, panel)| {
            let filled = width.min(columns - index * width);
            let source = &source[index * width * column_stride..];
            pack_panel(panel, width, filled, source, row_stride, column_stride);
        });
    }

    fn panels_mut(&mut self) -> std::slice::ChunksExactMut<'_, f32> {
        self.values.chunks_exact_mut(self.depth * self.panel_width)
    }
}

/// Copies one row of a panel. Whole panels have known lengths: too short to call a copying function for.
#[inline(always)]
fn copy_row(from: &[f32], to: &mut [f32]) {
    const NARROW: usize = WIDEST_PANEL / 2;
    if let (Some(from), Some(to)) = (as_array::<WIDEST_PANEL>(from), as_array_mut(to)) {
        *to = *from;
    } else if let (Some(from), Some(to)) = (as_array::<NARROW>(from), as_array_mut(to)) {
        *to = *from;
    } else {
        to.copy_from_slice(from);
    }
}

fn as_array<const N: usize>(values: &[f32]) -> Option<&[f32; N]> {
    values.try_into().ok()
}

fn as_array_mut<const N: usize>(values: &mut [f32]) -> Option<&mut [f32; N]> {
    values.try_into().ok()
}

/// Fills the first `filled` of `width` columns.
fn pack_panel(
    panel: &mut [f32],
    width: usize,
    filled: usize,
    source: &[f32],
    row_stride: usize,
    column_stride: usize,
) {
    if column_stride == 1 {
        for (row, to) in panel.chunks_exact_mut(width).enumerate() {
            copy_row(&source[row * row_stride..][..filled], &mut to[..filled]);
        }
        return;
    }
    // Column by column, a few rows at a time: source and panel then stay in the cache.
    const ROWS: usize = 64;
    for (block, to) in panel.chunks_mut(ROWS * width).enumerate() {
        for column in 0..filled {
            let start = block * ROWS * row_stride + column * column_stride;
            let values = source[start..].iter().step_by(row_stride);
            for (row, value) in to.chunks_exact_mut(width).zip(values) {
                row[column] = *value;
            }
        }
    }
}
