//! Makes a matrix orthogonal by Newton–Schulz iterations (Jordan et al. 2024,
//! <https://kellerjordan.github.io/posts/muon/>).

use crate::parallel::Metered;
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix};
use rayon::prelude::*;

/// As in PyTorch's `Muon`: each iteration takes a singular value s to `a·s + b·s³ + c·s⁵`, which
/// brings all of them near 1, the fastest for those near 0.
const COEFFICIENTS: [f32; 3] = [3.4445, -4.775, 2.0315];

/// The smallest norm that a matrix is divided by.
const EPS: f32 = 1e-7;

/// Rows that a thread works on at a time.
const ROWS_AT_ONCE: usize = 24;

/// Makes matrices of one shape orthogonal, with the buffers it works in.
///
/// An iteration is `A = X·Xᵀ; X = a·X + (b·A + c·A²)·X`, on the transposed matrix if
/// that has fewer rows. Every sum is taken by one thread, in one order.
pub struct Orthogonalizer {
    shorter: usize,
    longer: usize,
    /// Whether `x` is the transpose of the matrix.
    is_transposed: bool,
    /// `[shorter, longer]`.
    x: Buffer,
    /// `[shorter, shorter]`.
    gram: Buffer,
    polynomial: Buffer,
    /// Xᵀ, A and X as right operands.
    right: [PackedMatrix; 3],
}

impl Orthogonalizer {
    /// For matrices `[rows, columns]`.
    pub fn new(rows: usize, columns: usize) -> Self {
        let (shorter, longer) = (rows.min(columns), rows.max(columns));
        let weights = |depth, columns| PackedMatrix::new(Engine::f32(), depth, columns);
        Self {
            shorter,
            longer,
            is_transposed: rows > columns,
            x: Buffer::zeros(shorter * longer),
            gram: Buffer::zeros(shorter * shorter),
            polynomial: Buffer::zeros(shorter * shorter),
            right: [
                weights(longer, shorter),
                weights(shorter, shorter),
                weights(shorter, longer),
            ],
        }
    }

    /// The longer side of the matrix.
    pub fn longer_side(&self) -> usize {
        self.longer
    }

    /// The bytes that one for matrices `[rows, columns]` needs.
    pub fn bytes(rows: usize, columns: usize) -> u64 {
        let (shorter, longer) = (rows.min(columns), rows.max(columns));
        let values = shorter * longer + 2 * shorter * shorter;
        let packed = [(longer, shorter), (shorter, shorter), (shorter, longer)];
        let packed = packed.map(|(depth, columns)| PackedMatrix::max_bytes(depth, columns));
        (size_of::<f32>() * values) as u64 + packed.iter().sum::<u64>()
    }

    /// Where value `index` of the matrix is in `x`.
    fn place(&self, index: usize) -> usize {
        match self.is_transposed {
            false => index,
            true => index % self.shorter * self.longer + index / self.shorter,
        }
    }

    /// Takes a matrix, divided by its norm: no singular value is more than 1 then.
    pub fn load(&mut self, matrix: impl Iterator<Item = f32>, len: usize) {
        assert_eq!(len, self.x.len(), "values of the matrix");
        let mut squares = 0.0;
        for (index, value) in matrix.enumerate() {
            squares += f64::from(value) * f64::from(value);
            let place = self.place(index);
            self.x[place] = value;
        }
        let norm = (squares.sqrt() as f32).max(EPS);
        self.x.iter_mut().for_each(|value| *value /= norm);
    }

    /// Iterates `steps` times.
    pub fn iterate(&mut self, steps: usize) {
        let [a, b, c] = COEFFICIENTS;
        let Self {
            shorter, longer, ..
        } = *self;
        let [x_transposed, gram, x] = &mut self.right;
        for _ in 0..steps {
            x_transposed.pack_transposed_in_parallel(&self.x, longer);
            let left = Matrix::new(&self.x, shorter, longer);
            matmul(left, x_transposed, &mut self.gram, Epilogue::Overwrite);
            gram.pack_in_parallel(&self.gram, shorter);
            let left = Matrix::new(&self.gram, shorter, shorter);
            matmul(left, gram, &mut self.polynomial, Epilogue::Overwrite);
            for (square, once) in self.polynomial.iter_mut().zip(self.gram.iter()) {
                *square = b * once + c * *square;
            }
            x.pack_in_parallel(&self.x, longer);
            self.x.iter_mut().for_each(|x| *x *= a);
            let left = Matrix::new(&self.polynomial, shorter, shorter);
            matmul(left, x, &mut self.x, Epilogue::Accumulate);
        }
    }

    /// Visits the values of the matrix in its own order.
    pub fn for_each(&self, mut visit: impl FnMut(usize, f32)) {
        for index in 0..self.x.len() {
            visit(index, self.x[self.place(index)]);
        }
    }
}

/// `out = left · right`, as `epilogue` says, the rows shared out over the threads.
fn matmul(left: Matrix<'_>, right: &PackedMatrix, out: &mut [f32], epilogue: Epilogue<'_>) {
    let columns = out.len() / left.row_count();
    out.par_chunks_mut(ROWS_AT_ONCE * columns)
        .enumerate()
        .for_each_metered(|(part, out)| {
            let left = left.rows(part * ROWS_AT_ONCE, out.len() / columns);
            right.matmul(left, out, epilogue);
        });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;

    fn orthogonal(matrix: &[f32], rows: usize, steps: usize) -> Vec<f32> {
        let mut orthogonalizer = Orthogonalizer::new(rows, matrix.len() / rows);
        orthogonalizer.load(matrix.iter().copied(), matrix.len());
        orthogonalizer.iterate(steps);
        let mut values = vec![0.0; matrix.len()];
        orthogonalizer.for_each(|index, value| values[index] = value);
        values
    }

    fn random(len: usize) -> Vec<f32> {
        let mut random = SplitMix64::new(5);
        (0..len).map(|_| random.range(-1.0, 1.0)).collect()
    }

    fn transposed(matrix: &[f32], rows: usize) -> Vec<f32> {
        let columns = matrix.len() / rows;
        let values = (0..matrix.len()).map(|at| matrix[at % rows * columns + at / rows]);
        values.collect()
    }

    #[test]
    fn rows_become_orthogonal_and_about_as_long_as_one_another() {
        // 100 rows are four threads' work and a rest.
        for (rows, columns) in [(1, 7), (5, 9), (100, 300)] {
            let result = orthogonal(&random(rows * columns), rows, 5);
            let row = |index: usize| &result[index * columns..][..columns];
            for i in 0..rows {
                for j in 0..=i {
                    let product: f32 = row(i).iter().zip(row(j)).map(|(a, b)| a * b).sum();
                    match i == j {
                        true => assert!((0.4..1.5).contains(&product), "row {i}: {product}"),
                        false => assert!(product.abs() < 0.35, "rows {i} and {j}: {product}"),
                    }
                }
            }
        }
    }

    #[test]
    fn one_step_is_the_polynomial_of_the_matrix() {
        let (rows, columns) = (4, 6);
        let matrix = random(rows * columns);
        let norm = matrix.iter().map(|value| value * value).sum::<f32>().sqrt();
        let x = |i: usize, j: usize| f64::from(matrix[i * columns + j] / norm);
        let gram = |i: usize, j: usize| (0..columns).map(|k| x(i, k) * x(j, k)).sum::<f64>();
        let [a, b, c] = COEFFICIENTS.map(f64::from);
        let polynomial = |i: usize, j: usize| {
            let square: f64 = (0..rows).map(|k| gram(i, k) * gram(k, j)).sum();
            b * gram(i, j) + c * square
        };
        let result = orthogonal(&matrix, rows, 1);
        for i in 0..rows {
            for j in 0..columns {
                let added: f64 = (0..rows).map(|k| polynomial(i, k) * x(k, j)).sum();
                let expected = a * x(i, j) + added;
                let found = f64::from(result[i * columns + j]);
                assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
            }
        }
    }

    #[test]
    fn a_tall_matrix_becomes_the_transpose_of_what_its_transpose_becomes() {
        let tall = random(12 * 5);
        let wide = transposed(&tall, 12);
        assert_eq!(
            transposed(&orthogonal(&tall, 12, 5), 12),
            orthogonal(&wide, 5, 5)
        );
    }

    #[test]
    fn zeros_stay_zeros() {
        assert_eq!(orthogonal(&[0.0; 12], 3, 5), [0.0; 12]);
    }
}
