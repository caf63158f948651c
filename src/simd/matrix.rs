//! A row-major matrix in a slice: the left operand of a product, or what is packed.

use std::slice::ChunksExact;

/// `[rows, columns]`, row `r` starting at `r · stride` (the leading dimension of BLAS).
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    stride: usize,
}

impl<'a> Matrix<'a> {
    /// Rows that follow each other without a gap.
    ///
    /// # Panics
    /// If `values` holds fewer than `rows` rows.
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::strided(values, rows, columns, columns)
    }

    /// Rows that start `stride` values apart.
    ///
    /// # Panics
    /// If `values` holds fewer than `rows` rows, or `stride` is less than `columns`.
    pub fn strided(values: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert_covered(values.len(), rows, columns, stride);
        Self {
            values,
            rows,
            columns,
            stride,
        }
    }

    /// The columns `first..first + count`.
    ///
    /// # Panics
    /// If there are fewer columns.
    pub fn columns(self, first: usize, count: usize) -> Self {
        assert!(
            first + count <= self.columns,
            "columns {first} to {}",
            first + count
        );
        let start = first.min(self.values.len());
        Self {
            values: &self.values[start..],
            columns: count,
            ..self
        }
    }

    /// The rows `first..first + count`.
    ///
    /// # Panics
    /// If there are fewer rows.
    pub fn rows(self, first: usize, count: usize) -> Self {
        assert!(
            first + count <= self.rows,
            "rows {first} to {}",
            first + count
        );
        let start = (first * self.stride).min(self.values.len());
        Self {
            values: &self.values[start..],
            rows: count,
            ..self
        }
    }

    /// Whether the rows are so far apart that each is on a memory page of its own.
    pub(super) fn has_rows_on_separate_pages(&self) -> bool {
        const PAGE: usize = 4096 / size_of::<f32>();
        self.stride >= PAGE
    }

    /// The rows from column `first` on. The last row is returned separately, since no other follows
    /// it: each of the others is `stride` values long, so that walking through them needs no checks.
    ///
    /// # Panics
    /// If there is no row, or no such column.
    #[inline(always)]
    pub(super) fn starting_at(&self, first: usize) -> (ChunksExact<'a, f32>, &'a [f32]) {
        let (rows, last) = self.values[first..].split_at((self.rows - 1) * self.stride);
        (rows.chunks_exact(self.stride), last)
    }

    /// The values, and how many there are from the start of a row to that of the next.
    pub(super) fn parts(&self) -> (&'a [f32], usize) {
        (self.values, self.stride)
    }

    /// Number of rows.
    #[inline(always)]
    pub fn row_count(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[inline(always)]
    pub fn column_count(&self) -> usize {
        self.columns
    }

    /// Row `row`.
    #[inline(always)]
    pub fn row(&self, row: usize) -> &'a [f32] {
        &self.values[row * self.stride..][..self.columns]
    }

    /// Row `row` from column `from` on, `count` values or as many as there are; empty beyond the
    /// last row.
    #[inline(always)]
    pub(super) fn row_part(&self, row: usize, from: usize, count: usize) -> &'a [f32] {
        if row >= self.rows || from >= self.columns {
            return &[];
        }
        let start = row * self.stride + from;
        &self.values[start..start + count.min(self.columns - from)]
    }
}

/// Length of a slice with `rows` rows of `columns` values, one every `stride`. Saturating: a shape
/// that overflows must not pass for one that fits.
fn covered(rows: usize, columns: usize, stride: usize) -> usize {
    rows.checked_sub(1).map_or(0, |last| {
        last.saturating_mul(stride).saturating_add(columns)
    })
}

/// Panics if `len` values do not hold `rows` rows of `columns` values, one every `stride`.
#[track_caller]
pub(super) fn assert_covered(len: usize, rows: usize, columns: usize, stride: usize) {
    assert!(stride >= columns, "rows of {columns} every {stride}");
    assert!(
        len >= covered(rows, columns, stride),
        "{len} values for {rows}×{columns} every {stride}"
    );
}
