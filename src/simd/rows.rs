//! A matrix whose rows lie in a slice at a fixed distance.

use crate::simd::bf16;
use std::slice::ChunksExact;

/// `count` rows of `width` values, row `r` starting at `r · stride`.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    values: &'a [f32],
    count: usize,
    width: usize,
    stride: usize,
}

impl<'a> Rows<'a> {
    /// Rows that follow each other without a gap.
    ///
    /// # Panics
    /// If `values` holds fewer than `count` rows.
    pub fn new(values: &'a [f32], count: usize, width: usize) -> Self {
        assert!(count * width <= values.len(), "{count} rows of {width}");
        Self {
            values,
            count,
            width,
            stride: width,
        }
    }

    /// The columns `first..first + width` of the rows.
    ///
    /// # Panics
    /// If there are fewer columns.
    pub fn part(self, first: usize, width: usize) -> Self {
        assert!(
            first + width <= self.width,
            "columns {first} to {}",
            first + width
        );
        let start = first.min(self.values.len());
        Self {
            values: &self.values[start..],
            width,
            ..self
        }
    }

    /// The rows `first..first + count`.
    ///
    /// # Panics
    /// If there are fewer rows.
    pub fn lines(self, first: usize, count: usize) -> Self {
        assert!(
            first + count <= self.count,
            "rows {first} to {}",
            first + count
        );
        let start = (first * self.stride).min(self.values.len());
        Self {
            values: &self.values[start..],
            count,
            ..self
        }
    }

    /// Whether the rows lie so far apart that each is on a page of memory of its own.
    pub(super) fn lies_scattered(&self) -> bool {
        const PAGE: usize = 4096 / size_of::<f32>();
        self.stride >= PAGE
    }

    /// The rows from column `first` on, and, by itself, the last, behind which no other begins: each
    /// of the others is `stride` values long, so that walking through them needs no checks.
    ///
    /// # Panics
    /// If there is no row, or no such column.
    #[inline(always)]
    pub(super) fn starting_at(&self, first: usize) -> (ChunksExact<'a, f32>, &'a [f32]) {
        let (lines, last) = self.values[first..].split_at((self.count - 1) * self.stride);
        (lines.chunks_exact(self.stride), last)
    }

    /// The rows for rounding to bf16.
    pub(super) fn for_bf16(&self) -> bf16::Rows<'a> {
        bf16::Rows::new(self.values, self.count, self.width, self.stride)
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Values in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Row `row`.
    #[inline(always)]
    pub fn row(&self, row: usize) -> &'a [f32] {
        &self.values[row * self.stride..][..self.width]
    }
}
