//! Eigenvalues of small symmetric matrices, by Jacobi's rotations (Golub and Van Loan, Matrix
//! Computations, 4th edition, §8.5).

/// Sweeps over all pairs; a few are enough for any matrix.
const MOST_SWEEPS: usize = 60;

/// The eigenvalues of the symmetric `matrix` `[size, size]`, the largest first, and their eigenvectors as
/// the rows of the second matrix.
pub fn symmetric_eigen(mut matrix: Vec<f64>, size: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut vectors: Vec<Vec<f64>> = (0..size)
        .map(|row| (0..size).map(|it| f64::from(u8::from(it == row))).collect())
        .collect();
    let whole: f64 = matrix.iter().map(|value| value * value).sum();
    for _ in 0..MOST_SWEEPS {
        let beside = (0..size).flat_map(|row| (0..row).map(move |column| (row, column)));
        let off: f64 = beside
            .map(|(row, it)| matrix[row * size + it].powi(2))
            .sum();
        if off <= 1e-30 * whole {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut matrix, &mut vectors, size, (p, q));
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    let value = |index: usize| matrix[index * size + index];
    order.sort_by(|a, b| value(*b).total_cmp(&value(*a)).then(a.cmp(b)));
    let values = order.iter().map(|index| value(*index)).collect();
    let vectors = order.iter().map(|index| vectors[*index].clone()).collect();
    (values, vectors)
}

/// Makes the values at `(p, q)` and `(q, p)` zero.
fn rotate(matrix: &mut [f64], vectors: &mut [Vec<f64>], size: usize, (p, q): (usize, usize)) {
    let (at_pp, at_pq, at_qq) = (p * size + p, p * size + q, q * size + q);
    if matrix[at_pq] == 0.0 {
        return;
    }
    let theta = (matrix[at_qq] - matrix[at_pp]) / (2.0 * matrix[at_pq]);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turn =
        |a: &mut f64, b: &mut f64| (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    for k in 0..size {
        let (mut a, mut b) = (matrix[k * size + p], matrix[k * size + q]);
        turn(&mut a, &mut b);
        (matrix[k * size + p], matrix[k * size + q]) = (a, b);
    }
    for k in 0..size {
        let (mut a, mut b) = (matrix[p * size + k], matrix[q * size + k]);
        turn(&mut a, &mut b);
        (matrix[p * size + k], matrix[q * size + k]) = (a, b);
    }
    let (before, after) = vectors.split_at_mut(q);
    for (a, b) in before[p].iter_mut().zip(&mut after[0]) {
        turn(a, b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_are_those_of_numpy() {
        // numpy.linalg.eigh([[4, 1, -2], [1, 2, 0], [-2, 0, 3]])
        let matrix = vec![4.0, 1.0, -2.0, 1.0, 2.0, 0.0, -2.0, 0.0, 3.0];
        let (values, vectors) = symmetric_eigen(matrix.clone(), 3);
        let expected = [5.732_050_81, 2.267_949_19, 1.0];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6, "{values:?}");
        }
        for (value, vector) in values.iter().zip(&vectors) {
            for row in 0..3 {
                let product: f64 = (0..3).map(|it| matrix[3 * row + it] * vector[it]).sum();
                assert!((product - value * vector[row]).abs() < 1e-9);
            }
        }
        assert!(symmetric_eigen(Vec::new(), 0).0.is_empty());
    }
}
