//! A row-major matrix that is written, or some of its columns.

use super::matrix::assert_covered;
use std::marker::PhantomData;

/// `[rows, columns]`, row `r` starting at `r · stride`. Parts of the same rows can be written by several
/// threads, each its own columns.
pub struct MatrixMut<'a> {
    start: *mut f32,
    rows: usize,
    columns: usize,
    stride: usize,
    values: PhantomData<&'a mut [f32]>,
}

// SAFETY: it stands for unique references to its values, which may be sent to another thread.
unsafe impl Send for MatrixMut<'_> {}

impl<'a> MatrixMut<'a> {
    /// Rows that follow each other without a gap.
    ///
    /// # Panics
    /// If `values` holds fewer than `rows` rows.
    pub fn new(values: &'a mut [f32], rows: usize, columns: usize) -> Self {
        assert_covered(values.len(), rows, columns, columns);
        Self {
            start: values.as_mut_ptr(),
            rows,
            columns,
            stride: columns,
            values: PhantomData,
        }
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

    /// The matrix as matrices of `at_once` columns, the last one of fewer, side by side.
    pub fn split_columns(self, at_once: usize) -> Vec<Self> {
        let firsts = (0..self.columns).step_by(at_once.max(1));
        let part = |first: usize| Self {
            // SAFETY: `first` is a column of the matrix, so the place is within the values or, where
            // there is no row, not read.
            start: unsafe { self.start.add(if self.rows == 0 { 0 } else { first }) },
            columns: at_once.min(self.columns - first),
            ..self
        };
        firsts.map(part).collect()
    }

    /// The values of row `row` from column `first` on, `count` of them.
    ///
    /// # Panics
    /// If there are fewer.
    #[inline(always)]
    pub fn row_part(&mut self, row: usize, first: usize, count: usize) -> &mut [f32] {
        let [part] = self.row_parts::<1>(row, first, count);
        part
    }

    /// The same of `ROWS` rows from `row` on: one test for all of them.
    ///
    /// # Panics
    /// If there are fewer.
    #[inline(always)]
    pub fn row_parts<const ROWS: usize>(
        &mut self,
        row: usize,
        first: usize,
        count: usize,
    ) -> [&mut [f32]; ROWS] {
        assert!(row < self.rows && ROWS <= self.rows - row);
        assert!(first <= self.columns && count <= self.columns - first);
        std::array::from_fn(
            #[inline(always)]
            |at| {
                // SAFETY: rows and columns are within the matrix, whose values were covered by the slice
                // that it was made of; rows do not overlap, no other matrix has these columns, and
                // `&mut self` lends each value once.
                unsafe {
                    let start = self.start.add((row + at) * self.stride + first);
                    std::slice::from_raw_parts_mut(start, count)
                }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn threads_write_columns_side_by_side() {
        for (rows, columns, at_once) in [(3, 10, 4), (1, 1, 5), (4, 6, 1), (0, 3, 2)] {
            let mut values = vec![f32::NAN; rows * columns];
            let parts = MatrixMut::new(&mut values, rows, columns).split_columns(at_once);
            parts
                .into_par_iter()
                .enumerate()
                .for_each(|(part, mut matrix)| {
                    for row in 0..matrix.row_count() {
                        let count = matrix.column_count();
                        for (at, value) in matrix.row_part(row, 0, count).iter_mut().enumerate() {
                            *value = (row * columns + part * at_once + at) as f32;
                        }
                    }
                });
            let expected: Vec<f32> = (0..rows * columns).map(|index| index as f32).collect();
            assert_eq!(values, expected);
        }
    }

    #[test]
    #[should_panic(expected = "row <")]
    fn a_row_that_is_not_there_is_refused() {
        MatrixMut::new(&mut [0.0; 6], 2, 3).row_part(2, 0, 1);
    }
}
