//! How far the accuracies of runs that differ by chance alone lie apart.

use super::accuracy::written;
use std::fmt;

/// Mean and standard deviation of some accuracies, shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The sample standard deviation, divided by n - 1; one value has none.
    pub std: Option<f64>,
    /// How many values there are, at least one.
    pub count: usize,
}

impl Spread {
    /// What the deviation is called wherever a spread stands.
    pub const MEANING: &str = "mean ± sample standard deviation";

    /// The spread of these values; none of no values.
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let std = (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
        Some(Self {
            mean,
            std,
            count: values.len(),
        })
    }
}

/// `0.8412 ± 0.0031`; of one value the mean alone.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&written(self.mean, self.std))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_the_samples() {
        // numpy.std([0.1, 0.2, 0.4], ddof=1)
        let spread = Spread::of(&[0.1, 0.2, 0.4]).unwrap();
        assert!((spread.mean - 0.233_333_333_333_333_3).abs() < 1e-15);
        assert!((spread.std.unwrap() - 0.152_752_523_165_194_67).abs() < 1e-15);
        assert_eq!(
            (spread.count, spread.to_string()),
            (3, "0.2333 ± 0.1528".into())
        );
        let one = Spread::of(&[0.5]).unwrap();
        assert_eq!(
            (one.mean, one.std, one.to_string()),
            (0.5, None, "0.5000".into())
        );
        assert_eq!(Spread::of(&[]), None);
    }
}
