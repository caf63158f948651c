//! Principal components of many long vectors, by iterations on a random subspace (Halko, Martinsson and
//! Tropp 2011, <https://arxiv.org/abs/0909.4061>, algorithm 4.4).

use super::eigen::symmetric_eigen;
use super::features::Features;
use crate::random::SplitMix64;
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix};
use rayon::prelude::*;

/// Components that are kept: what is left of the distances between images is nearly all of them.
pub const COMPONENTS: usize = 50;
/// Directions beyond those: with them the iterations need few steps.
const OVERSAMPLED: usize = 10;
/// Iterations at the most; most networks need four or five.
const MOST_ITERATIONS: usize = 20;
/// The iterations end when no kept variance changes by more than this share of the largest one.
const SETTLED: f64 = 1e-6;
/// Rows, or columns, that a thread works on at a time.
const AT_ONCE: usize = 128;
/// Names the random directions.
const STREAM: u64 = 0x0070_6361;

/// The images along their principal components.
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    /// `[images, count]`, the first component first.
    pub scores: Vec<f32>,
    /// How many components there are, up to [`COMPONENTS`].
    pub count: usize,
    /// The share of the variance that each holds.
    pub explained: Vec<f64>,
}

impl Components {
    /// Those of all features. Each component points to where its largest weight is positive, as in
    /// scikit-learn.
    pub fn of(features: &Features) -> Self {
        let (images, width) = (features.images.len(), features.width);
        let tried = (COMPONENTS + OVERSAMPLED).min(width).min(images);
        let count = tried.min(COMPONENTS);
        let squares = features
            .values
            .iter()
            .map(|value| f64::from(*value).powi(2));
        let total: f64 = squares.sum();
        let mut basis = Basis::random(width, tried);
        let mut projected = project(features, &basis);
        let (mut values, mut vectors) = symmetric_eigen(gram(&projected, tried), tried);
        // A basis of the whole space holds every component already.
        for _ in 0..if tried < width { MOST_ITERATIONS } else { 0 } {
            basis = multiply_back(features, &projected, tried);
            basis.orthonormalize();
            projected = project(features, &basis);
            let before = values;
            (values, vectors) = symmetric_eigen(gram(&projected, tried), tried);
            let largest = values.first().copied().unwrap_or(0.0);
            let mut changes = values.iter().zip(&before).take(count);
            if changes.all(|(now, before)| (now - before).abs() <= SETTLED * largest) {
                break;
            }
        }
        let turns: Vec<Vec<f64>> = vectors
            .into_iter()
            .take(count)
            .map(|vector| basis.facing_up(vector))
            .collect();
        let scores = projected
            .par_chunks_exact(tried.max(1))
            .flat_map_iter(|row| {
                turns.iter().map(move |turn| {
                    let products = turn.iter().zip(row).map(|(a, b)| a * f64::from(*b));
                    products.sum::<f64>() as f32
                })
            });
        let share = |value: &f64| {
            if total > 0.0 {
                (value / total).max(0.0)
            } else {
                0.0
            }
        };
        Self {
            scores: scores.collect(),
            count,
            explained: values.iter().take(count).map(share).collect(),
        }
    }

    /// Where the images are along the first two components; 0 along one that there is not.
    pub fn first_two(&self) -> Vec<[f32; 2]> {
        let along = |row: &[f32], component| row.get(component).copied().unwrap_or(0.0);
        let rows = self.scores.chunks_exact(self.count.max(1));
        rows.map(|row| [along(row, 0), along(row, 1)]).collect()
    }
}

/// Directions in the space of the features, at right angles to each other.
struct Basis {
    /// `[directions][width]`.
    directions: Vec<Vec<f64>>,
}

impl Basis {
    fn random(width: usize, count: usize) -> Self {
        let direction = |index: usize| {
            let mut random = SplitMix64::keyed(&[STREAM, index as u64]);
            (0..width)
                .map(|_| f64::from(random.range(-1.0, 1.0)))
                .collect()
        };
        let mut basis = Self {
            directions: (0..count).map(direction).collect(),
        };
        basis.orthonormalize();
        basis
    }

    /// Gram and Schmidt's way, twice: once is not exact. A direction that depends on those before it
    /// becomes zero.
    fn orthonormalize(&mut self) {
        for index in 0..self.directions.len() {
            let (before, rest) = self.directions.split_at_mut(index);
            let current = &mut rest[0];
            let size = dot(current, current).sqrt();
            for _ in 0..2 {
                for other in before.iter() {
                    let along = dot(current, other);
                    for (value, other) in current.iter_mut().zip(other) {
                        *value -= along * other;
                    }
                }
            }
            let left = dot(current, current).sqrt();
            let scale = if left > 1e-10 * size { 1.0 / left } else { 0.0 };
            current.iter_mut().for_each(|value| *value *= scale);
        }
    }

    /// `[width, directions]`.
    fn packed(&self, width: usize) -> PackedMatrix {
        let count = self.directions.len();
        let mut values = vec![0.0; count * width];
        for (row, direction) in values.chunks_exact_mut(width.max(1)).zip(&self.directions) {
            for (value, exact) in row.iter_mut().zip(direction) {
                *value = *exact as f32;
            }
        }
        let mut packed = PackedMatrix::new(Engine::f32(), width, count);
        packed.pack_transposed(&values, width);
        packed
    }

    /// The combination `weights` of the directions, turned so that its largest weight in the space of the
    /// features is positive.
    fn facing_up(&self, weights: Vec<f64>) -> Vec<f64> {
        let mut combined = vec![0.0; self.directions.first().map_or(0, Vec::len)];
        for (direction, weight) in self.directions.iter().zip(&weights) {
            for (sum, value) in combined.iter_mut().zip(direction) {
                *sum += weight * value;
            }
        }
        let largest = combined.into_iter().fold(0.0, |most: f64, value| {
            if value.abs() > most.abs() {
                value
            } else {
                most
            }
        });
        let sign = if largest < 0.0 { -1.0 } else { 1.0 };
        weights.into_iter().map(|weight| sign * weight).collect()
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// The features along the directions of a basis: `[images, directions]`.
fn project(features: &Features, basis: &Basis) -> Vec<f32> {
    let (width, count) = (features.width, basis.directions.len());
    let packed = basis.packed(width);
    let mut projected = vec![0.0; features.images.len() * count];
    let rows = features.values.par_chunks(AT_ONCE * width.max(1));
    let parts = projected.par_chunks_mut(AT_ONCE * count.max(1)).zip(rows);
    parts.for_each(|(out, rows)| {
        let rows = Matrix::new(rows, rows.len() / width.max(1), width);
        packed.matmul(rows, out, Epilogue::Overwrite);
    });
    projected
}

/// `featuresᵀ · projected`: as many directions as `projected` `[images, count]` has columns.
fn multiply_back(features: &Features, projected: &[f32], count: usize) -> Basis {
    let (images, width) = (features.images.len(), features.width);
    let left = Matrix::new(&features.values, images, width);
    let right = Matrix::new(projected, images, count);
    let mut products = vec![0.0; width * count];
    let parts = products.par_chunks_mut(AT_ONCE * count.max(1)).enumerate();
    parts.for_each(|(part, out)| {
        let columns = left.columns(part * AT_ONCE, out.len() / count.max(1));
        Engine::f32().matmul_tn(columns, right, out);
    });
    let direction = |index: usize| {
        let column = products.iter().skip(index).step_by(count.max(1));
        column.map(|value| f64::from(*value)).collect()
    };
    Basis {
        directions: (0..count).map(direction).collect(),
    }
}

/// `rowsᵀ · rows` of `rows` `[images, count]`.
fn gram(rows: &[f32], count: usize) -> Vec<f64> {
    let mut sums = vec![0.0; count * count];
    sums.par_chunks_mut(count.max(1))
        .enumerate()
        .for_each(|(index, sums)| {
            for row in rows.chunks_exact(count.max(1)) {
                let factor = f64::from(row[index]);
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += factor * f64::from(*value);
                }
            }
        });
    sums
}
