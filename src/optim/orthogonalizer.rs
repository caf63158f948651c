//! Makes a matrix orthogonal by Newton–Schulz iterations (Jordan et al. 2024,
//! <https://kellerjordan.github.io/posts/muon/>).

use super::pieces::{VALUES_AT_ONCE, for_each_chunk, for_each_piece, sum_of_squares};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, Engine, Epilogue, Matrix, PackedMatrix, on_vectors};

/// As in PyTorch's `Muon`: each iteration takes a singular value s to `a·s + b·s³ + c·s⁵`, which
/// brings all of them near 1, the fastest for those near 0.
const COEFFICIENTS: [f32; 3] = [3.4445, -4.775, 2.0315];

/// The smallest norm that a matrix is divided by.
const EPS: f32 = 1e-7;

/// Rows that a thread works on at a time.
const ROWS_AT_ONCE: usize = 24;

/// Rows and columns that are transposed at a time: a column of them is a line of the cache.
const TILE: usize = 16;

/// So many iterations are made on `X·Xᵀ` before `X` is computed again. Rounding leaves eigenvalues of it about
/// 1e-7 below zero, which no real `X` has; an iteration makes them 12 times as large, and more than a few of them
/// would let them grow past what the polynomial brings back.
const ITERATIONS_AT_ONCE: usize = 3;

/// Makes matrices of one shape orthogonal, with the buffers it works in.
///
/// An iteration is `A = X·Xᵀ; X = S·X` with `S = a·1 + b·A + c·A²`, on the transposed matrix if that has fewer
/// rows. `A` of the next iteration is `S·A·S`, as all these matrices commute: so the product of the `S` of a few
/// iterations is found in the shorter side's square, and the longer side is gone through but twice. Every sum is
/// taken by one thread, in one order.
pub struct Orthogonalizer {
    shorter: usize,
    longer: usize,
    /// Whether `x` is the transpose of the matrix.
    is_transposed: bool,
    /// `[shorter, longer]`.
    x: Buffer,
    /// A, S, the product of all S, and room for another product: `[shorter, shorter]`.
    squares: [Buffer; 4],
    /// Xᵀ, A or S, and X as right operands.
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
            squares: [(); 4].map(|()| Buffer::zeros(shorter * shorter)),
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
        let values = shorter * longer + 4 * shorter * shorter;
        let packed = [(longer, shorter), (shorter, shorter), (shorter, longer)];
        let packed = packed.map(|(depth, columns)| PackedMatrix::max_bytes(depth, columns));
        (size_of::<f32>() * values) as u64 + packed.iter().sum::<u64>()
    }

    /// Takes the matrix whose values are `value` of those of `first` and of `second`, divided by its
    /// norm: no singular value is more than 1 then.
    ///
    /// # Panics
    /// If the lengths are not the matrix's.
    pub fn load(
        &mut self,
        first: &[f32],
        second: &[f32],
        value: impl Fn(f32, f32) -> f32 + Copy + Sync,
    ) {
        assert_eq!(first.len(), self.x.len(), "values of the matrix");
        assert_eq!(second.len(), self.x.len(), "values of the matrix");
        let squares = sum_of_squares(first, second, value);
        let norm = (squares.sqrt() as f32).max(EPS);
        if self.is_transposed {
            let put = move |_, value| value / norm;
            return transpose(first, second, self.shorter, value, &mut self.x, put);
        }
        for_each_piece(&mut self.x, |start, x| {
            let (first, second) = (&first[start..], &second[start..]);
            on_vectors!(Arch::new(), {
                for ((x, first), second) in x.iter_mut().zip(first).zip(second) {
                    *x = value(*first, *second) / norm;
                }
            });
        });
    }

    /// Iterates `steps` times.
    pub fn iterate(&mut self, steps: usize) {
        // For k iterations at once 2n + (4k - 3)m products of m² are summed up, one by one k(2n + m).
        let is_long = 2 * self.longer > 3 * self.shorter;
        let at_once = if is_long { ITERATIONS_AT_ONCE } else { 1 };
        let mut left = steps;
        while left > 0 {
            let some = left.min(at_once);
            self.iterate_on_gram(some);
            left -= some;
        }
    }

    fn iterate_on_gram(&mut self, steps: usize) {
        let [a, b, c] = COEFFICIENTS;
        let Self {
            shorter, longer, ..
        } = *self;
        let [gram, polynomial, product, other] = &mut self.squares;
        let [x_transposed, square, x] = &mut self.right;
        x_transposed.pack_transposed_in_parallel(&self.x, longer);
        matmul(&self.x, (x_transposed, shorter), gram);
        for step in 0..steps {
            square.pack_in_parallel(gram, shorter);
            let left = Matrix::new(gram, shorter, shorter);
            for_some_rows(polynomial, shorter, |row, rows, squares| {
                square.matmul(left.rows(row, rows), squares, Epilogue::Overwrite);
                let once = &gram[row * shorter..][..squares.len()];
                let values = &mut *squares;
                on_vectors!(Arch::new(), {
                    for (square, once) in values.iter_mut().zip(once) {
                        *square = b * once + c * *square;
                    }
                });
                for (index, squares) in squares.chunks_exact_mut(shorter).enumerate() {
                    squares[row + index] += a;
                }
            });
            let is_last = step + 1 == steps;
            if step > 0 || !is_last {
                square.pack_in_parallel(polynomial, shorter);
            }
            if step == 0 {
                product.copy_from_slice(polynomial);
            } else {
                matmul(product, (square, shorter), other);
                std::mem::swap(product, other);
            }
            if !is_last {
                matmul(gram, (square, shorter), other);
                matmul(other, (square, shorter), gram);
            }
        }
        x.pack_in_parallel(&self.x, longer);
        matmul(product, (x, longer), &mut self.x);
    }

    /// Replaces each of `values` by `step` of it and of the matrix's value at its place.
    ///
    /// # Panics
    /// If the length is not the matrix's.
    pub fn apply(&self, values: &mut [f32], step: impl Fn(f32, f32) -> f32 + Copy + Sync) {
        assert_eq!(values.len(), self.x.len(), "values of the matrix");
        if self.is_transposed {
            return transpose(&self.x, &self.x, self.longer, |x, _| x, values, step);
        }
        for_each_piece(values, |first, values| {
            let x = &self.x[first..][..values.len()];
            on_vectors!(Arch::new(), {
                for (value, x) in values.iter_mut().zip(x) {
                    *value = step(*value, *x);
                }
            });
        });
    }
}

/// `out = left · right`, on all threads; `right` has so many columns.
fn matmul(left: &[f32], (right, columns): (&PackedMatrix, usize), out: &mut [f32]) {
    let rows = out.len() / columns;
    let left = Matrix::new(left, rows, left.len() / rows);
    for_some_rows(out, columns, |row, rows, out| {
        right.matmul(left.rows(row, rows), out, Epilogue::Overwrite);
    });
}

/// Calls `work` for every few rows of `out` `[rows, columns]`, on all threads: the first row, their number,
/// and their values.
fn for_some_rows(out: &mut [f32], columns: usize, work: impl Fn(usize, usize, &mut [f32]) + Sync) {
    for_each_chunk(out, ROWS_AT_ONCE * columns, |first, out| {
        work(first / columns, out.len() / columns, out);
    });
}

/// Replaces every value of `to` `[columns, rows]` by `put` of it and of the value at its place in the
/// transpose of a matrix `[rows, columns]`, whose values are `value` of those of `first` and `second`.
fn transpose(
    first: &[f32],
    second: &[f32],
    columns: usize,
    value: impl Fn(f32, f32) -> f32 + Copy + Sync,
    to: &mut [f32],
    put: impl Fn(f32, f32) -> f32 + Copy + Sync,
) {
    let rows = first.len() / columns;
    let tiles = (VALUES_AT_ONCE / (TILE * rows)).max(1);
    for_each_chunk(to, tiles * TILE * rows, |start, to| {
        on_vectors!(Arch::new(), {
            let mut tile = [[0.0; TILE]; TILE];
            let bands = to
                .chunks_mut(TILE * rows)
                .zip((start / rows..).step_by(TILE));
            for (band, column) in bands {
                let width = band.len() / rows;
                for row in (0..rows).step_by(TILE) {
                    let height = TILE.min(rows - row);
                    for line in 0..height {
                        let at = (row + line) * columns + column;
                        let pairs = first[at..][..width].iter().zip(&second[at..][..width]);
                        for (tile, (first, second)) in tile.iter_mut().zip(pairs) {
                            tile[line] = value(*first, *second);
                        }
                    }
                    for (to, tile) in band.chunks_exact_mut(rows).zip(&tile) {
                        for (to, value) in to[row..row + height].iter_mut().zip(tile) {
                            *to = put(*to, *value);
                        }
                    }
                }
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;
    use crate::simd::testing::bits;

    fn orthogonal(matrix: &[f32], rows: usize, steps: usize) -> Vec<f32> {
        let mut orthogonalizer = Orthogonalizer::new(rows, matrix.len() / rows);
        orthogonalizer.load(matrix, matrix, |value, _| value);
        orthogonalizer.iterate(steps);
        let mut values = vec![0.0; matrix.len()];
        orthogonalizer.apply(&mut values, |_, value| value);
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
    fn several_steps_at_once_are_as_many_one_by_one() {
        let (rows, columns) = (40, 300);
        let mut together = Orthogonalizer::new(rows, columns);
        let mut alone = Orthogonalizer::new(rows, columns);
        for matrix in [&mut together, &mut alone] {
            let values = random(rows * columns);
            matrix.load(&values, &values, |value, _| value);
        }
        together.iterate(5);
        (0..5).for_each(|_| alone.iterate_on_gram(1));
        let pairs = together.x.iter().zip(&alone.x[..]);
        let farthest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(farthest < 1e-5, "{farthest}");
    }

    #[test]
    fn directions_that_are_missing_do_not_grow_out_of_bounds() {
        // Rank 2 of 48: rounding alone fills the rest of the Gram matrix.
        let (rows, columns) = (48, 288);
        let (left, right) = (random(2 * rows), random(2 * columns));
        let value = |i: usize, j: usize| left[i] * right[j] + left[rows + i] * right[columns + j];
        let matrix: Vec<f32> = (0..rows * columns)
            .map(|at| value(at / columns, at % columns))
            .collect();
        // After 20 steps the rounding has become a full rank, as it does step by step, of values near 1.
        for (steps, most) in [(3, 3.0), (5, 3.0), (20, 1.5 * rows as f32)] {
            let result = orthogonal(&matrix, rows, steps);
            let squares: f32 = result.iter().map(|value| value * value).sum();
            // Two singular values near 1 at least.
            assert!((0.8..most).contains(&squares), "{steps} steps: {squares}");
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
    fn a_matrix_of_many_tiles_is_transposed_there_and_back() {
        let (rows, columns) = (700, 61);
        let matrix = random(rows * columns);
        let norm = sum_of_squares(&matrix, &matrix, |value, _| value).sqrt() as f32;
        let result = orthogonal(&matrix, rows, 0);
        let expected: Vec<f32> = matrix.iter().map(|value| value / norm).collect();
        assert_eq!(result, expected);
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        for (rows, columns) in [(300, 130), (130, 300)] {
            let matrix = random(rows * columns);
            let [one, three] = [1, 3].map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
                let pool = pool.build().unwrap();
                pool.install(|| bits(&orthogonal(&matrix, rows, 2)))
            });
            assert_eq!(one, three);
        }
    }

    #[test]
    fn zeros_stay_zeros() {
        assert_eq!(orthogonal(&[0.0; 12], 3, 5), [0.0; 12]);
    }
}
