//! Matrix products by the `gemm` crate, behind slices that are checked.

use gemm::Parallelism;

/// A matrix inside a slice: element `(row, column)` stands at `row * row_stride + column * column_stride`.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `values` as `rows` rows of `columns` values.
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "matrix {rows}×{columns}");
        Self {
            values,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    /// The same values with rows and columns exchanged.
    pub fn transposed(self) -> Self {
        Self {
            values: self.values,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }
}

/// What happens to the values that are in the output already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// They are replaced.
    Overwrite,
    /// The product is added to them.
    Accumulate,
}

/// `product = left · right` (or `+=`), on the calling thread; `product` is row after row.
pub fn matmul(product: &mut [f32], output: Output, left: Matrix<'_>, right: Matrix<'_>) {
    let (m, k, n) = (left.rows, left.columns, right.columns);
    assert_eq!(right.rows, k, "inner sizes differ");
    assert_eq!(product.len(), m * n, "product {m}×{n}");
    // SAFETY: every pointer is that of a slice whose length was checked (`Matrix::new`, above) to
    // cover rows × columns at these strides; `product` is borrowed mutably, so nothing aliases it.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            product.as_mut_ptr(),
            1,
            n as isize,
            output == Output::Accumulate,
            left.values.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.values.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_plain_and_transposed_matrices() {
        let left = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let right = [1.0, 0.0, -1.0, 2.0, 0.5, 1.0];
        let mut product = [10.0; 4];
        matmul(
            &mut product,
            Output::Overwrite,
            Matrix::new(&left, 2, 3),
            Matrix::new(&right, 3, 2),
        );
        assert_eq!(product, [0.5, 7.0, 2.0, 16.0]);
        matmul(
            &mut product,
            Output::Accumulate,
            Matrix::new(&left, 3, 2).transposed(),
            Matrix::new(&right, 2, 3).transposed(),
        );
        assert_eq!(product, [0.5 - 4.0, 7.0 + 8.5, 2.0 - 4.0, 16.0 + 12.0]);
    }
}
