//! Operands and output of a bf16 product: slices with their shapes, checked when they are constructed.

use crate::simd::matrix::assert_covered;

/// Columns of one panel of a packed right operand.
pub const PANEL: usize = 32;

/// Inner size (k) that one step of the AMX tiles covers; packed operands are padded to it.
pub(super) const STEP: usize = 32;

/// `inner` rounded up to what packed operands hold: the next multiple of 32.
pub const fn padded_inner(inner: usize) -> usize {
    inner.div_ceil(STEP).saturating_mul(STEP)
}

/// Values of a packed left operand of `rows` × `inner`: `[rows][padded_inner]`.
pub const fn left_len(rows: usize, inner: usize) -> usize {
    rows.saturating_mul(padded_inner(inner))
}

/// Values of a packed right operand of `inner` × `columns`: `[panel][padded_inner / 2][32][2]`.
pub const fn right_len(inner: usize, columns: usize) -> usize {
    let panels = columns.div_ceil(PANEL);
    panels.saturating_mul(padded_inner(inner).saturating_mul(PANEL))
}

/// The first `len` values of a buffer that grows if it is shorter.
pub fn at_least(buffer: &mut Vec<u16>, len: usize) -> &mut [u16] {
    if buffer.len() < len {
        buffer.resize(len, 0);
    }
    &mut buffer[..len]
}

/// The left operand of a product, bf16 `[rows][inner]`, packed by rows, or transposed in panels.
#[derive(Clone, Copy, Debug)]
pub struct Left<'a> {
    pub(super) values: &'a [u16],
    pub(super) rows: usize,
    pub(super) inner: usize,
    pub(super) layout: LeftLayout,
}

/// How a left operand is laid out in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeftLayout {
    /// Row after row, each padded with zeros to [`padded_inner`].
    Rows,
    /// The panels of its transpose, `[inner][rows]`, as a [`Right`] has them.
    Panels,
}

impl<'a> Left<'a> {
    /// `values` as [`Unit::pack_left`](super::Unit::pack_left) leaves them for `rows` × `inner`.
    pub fn new(values: &'a [u16], rows: usize, inner: usize) -> Self {
        assert_eq!(values.len(), left_len(rows, inner), "packed {rows}×{inner}");
        Self {
            values,
            rows,
            inner,
            layout: LeftLayout::Rows,
        }
    }

    /// Position of element (`row`, `k`).
    pub(super) fn place(&self, row: usize, k: usize) -> usize {
        let padded = padded_inner(self.inner);
        match self.layout {
            LeftLayout::Rows => row * padded + k,
            LeftLayout::Panels => {
                let (panel, column) = (row / PANEL, row % PANEL);
                (panel * padded + k / 2 * 2) * PANEL + column * 2 + k % 2
            }
        }
    }

    /// The transpose of a matrix that is packed as a right operand.
    pub fn transpose_of(matrix: Right<'a>) -> Self {
        Self {
            values: matrix.values,
            rows: matrix.columns,
            inner: matrix.inner,
            layout: LeftLayout::Panels,
        }
    }
}

/// The right operand of a product: bf16 `[panel][padded_inner / 2][32][2]`, as
/// [`Unit::pack_right`](super::Unit::pack_right) leaves it. Element `(k, n)` is in panel `n / 32`
/// at `[k / 2][n % 32][k % 2]`; padding rows and columns are zeros.
#[derive(Clone, Copy, Debug)]
pub struct Right<'a> {
    pub(super) values: &'a [u16],
    pub(super) inner: usize,
    pub(super) columns: usize,
}

impl<'a> Right<'a> {
    /// `values` as a packed operand of `inner` × `columns`.
    pub fn new(values: &'a [u16], inner: usize, columns: usize) -> Self {
        assert_eq!(
            values.len(),
            right_len(inner, columns),
            "packed {inner}×{columns}"
        );
        Self {
            values,
            inner,
            columns,
        }
    }

    /// Values of one panel.
    pub(super) fn panel_len(&self) -> usize {
        padded_inner(self.inner) * PANEL
    }
}

/// What the product does to the values of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// They are replaced.
    Overwrite,
    /// The product is added to them.
    Accumulate,
}

/// Where a product goes: f32 `[rows][columns]`, row `i` from place `i * stride` on. Values between
/// the rows are left as they are.
#[derive(Debug)]
pub struct Sums<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) stride: usize,
}

impl<'a> Sums<'a> {
    /// `values` as `rows` rows of `columns` values, one row every `stride` values.
    pub fn new(values: &'a mut [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert_covered(values.len(), rows, columns, stride);
        Self {
            values,
            rows,
            columns,
            stride,
        }
    }
}
