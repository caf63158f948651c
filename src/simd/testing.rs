//! What tests of arithmetic share: random values, and sums in f64 that know how exact f32 can be.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Arguments;
use std::ops::AddAssign;

/// Values between -1 and 1.
pub fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|_| random.random_range(-1.0..1.0f32))
        .collect()
}

/// A sum of products, and the sum of their sizes: what rounding errors are relative to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    pub value: f64,
    pub size: f64,
}

impl Sum {
    /// The sum of one value.
    pub fn of(value: f32) -> Self {
        let value = f64::from(value);
        let size = value.abs();
        Self { value, size }
    }

    /// Adds `a · b`.
    pub fn add_product(&mut self, a: f32, b: f32) {
        let value = f64::from(a) * f64::from(b);
        let size = value.abs();
        *self += Self { value, size };
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.value += other.value;
        self.size += other.size;
    }
}

/// The largest error, relative to the sizes of the sums; infinite where a value is not a number or
/// differs from a sum of nothing but zeros.
pub fn error(found: &[f32], expected: &[Sum]) -> f64 {
    assert_eq!(found.len(), expected.len(), "number of values");
    let errors = found.iter().zip(expected).map(|(found, expected)| {
        let distance = (f64::from(*found) - expected.value).abs();
        match distance / expected.size {
            _ if distance == 0.0 => 0.0,
            error if error.is_nan() => f64::INFINITY,
            error => error,
        }
    });
    errors.fold(0.0, f64::max)
}

/// # Panics
/// If the [`error`] is larger than `bound`, saying of `what`.
pub fn assert_close(found: &[f32], expected: &[Sum], bound: f64, what: Arguments<'_>) {
    let error = error(found, expected);
    assert!(error <= bound, "{what}: an error of {error:e}");
}

/// The bits of some values, so that zeros of either sign and NaNs differ.
pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}
