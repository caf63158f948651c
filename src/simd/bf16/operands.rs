//! What a product reads and writes: slices with their shapes, checked when they are put together.

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

/// The first `len` values of a buffer that grows as it must and keeps its room.
pub fn at_least(buffer: &mut Vec<u16>, len: usize) -> &mut [u16] {
    if buffer.len() < len {
        buffer.resize(len, 0);
    }
    &mut buffer[..len]
}

/// Length that a slice must have so that `rows` rows of `columns` values, one every `stride`, are in
/// it. Saturating, as the lengths above: no shape that overflows may pass for one that fits.
fn covered(rows: usize, columns: usize, stride: usize) -> usize {
    rows.checked_sub(1).map_or(0, |last| {
        last.saturating_mul(stride).saturating_add(columns)
    })
}

/// Stops where `len` values do not hold `rows` rows of `columns` values, one every `stride`.
#[track_caller]
fn assert_covered(len: usize, rows: usize, columns: usize, stride: usize) {
    assert!(stride >= columns, "rows of {columns} every {stride}");
    assert!(
        len >= covered(rows, columns, stride),
        "{len} values for {rows}×{columns} every {stride}"
    );
}

/// An f32 matrix: `rows` rows of `columns` values, row `i` from place `i * stride` on.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    stride: usize,
}

impl<'a> Rows<'a> {
    /// `values` as `rows` rows of `columns` values, one row every `stride` values.
    pub fn new(values: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert_covered(values.len(), rows, columns, stride);
        Self {
            values,
            rows,
            columns,
            stride,
        }
    }

    /// Row `row` from column `from` on, `count` values or as many as there are; empty beyond the
    /// last row.
    #[inline(always)]
    pub(super) fn part(&self, row: usize, from: usize, count: usize) -> &'a [f32] {
        if row >= self.rows || from >= self.columns {
            return &[];
        }
        let start = row * self.stride + from;
        &self.values[start..start + count.min(self.columns - from)]
    }
}

/// The left operand of a product, bf16 `[rows][inner]`, as it stands or from the side.
#[derive(Clone, Copy, Debug)]
pub struct Left<'a> {
    pub(super) values: &'a [u16],
    pub(super) rows: usize,
    pub(super) inner: usize,
    pub(super) layout: LeftLayout,
}

/// How the values of a left operand stand in memory.
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

    /// Where element (`row`, `k`) stands.
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
/// [`Unit::pack_right`](super::Unit::pack_right) leaves it. Element `(k, n)` stands in panel `n / 32`
/// at `[k / 2][n % 32][k % 2]`; rows and columns that fill up are zeros.
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

/// What happens to the values that are in the output already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
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
