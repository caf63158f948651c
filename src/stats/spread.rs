//! How far the accuracies of runs that differ by chance alone lie apart.

use super::accuracy::{in_percent, written};
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

    /// In percent, for tables of percentages: `93.31 ± 0.25`.
    pub fn percent(&self) -> String {
        in_percent(self.mean, self.std)
    }

    /// The standard error of the mean, `s / √n`; of one value it is not known.
    pub fn standard_error(&self) -> Option<f64> {
        Some(self.std? / (self.count as f64).sqrt())
    }
}

/// Mean and deviation after each epoch that all curves have. A curve is its epochs in ascending order, each
/// with a value.
pub fn band(curves: &[Vec<(usize, f64)>]) -> Vec<(usize, Spread)> {
    let Some((first, others)) = curves.split_first() else {
        return Vec::new();
    };
    let value = |curve: &[(usize, f64)], epoch: usize| {
        let at = curve.binary_search_by_key(&epoch, |point| point.0).ok()?;
        Some(curve[at].1)
    };
    let point = |&(epoch, value_of_first): &(usize, f64)| {
        let others = others.iter().map(|curve| value(curve, epoch));
        let all: Option<Vec<f64>> = std::iter::once(Some(value_of_first))
            .chain(others)
            .collect();
        Some((epoch, Spread::of(&all?)?))
    };
    first.iter().filter_map(point).collect()
}

/// The line so many deviations above the mean of a band; 0 is the mean itself.
pub fn line(band: &[(usize, Spread)], deviations: f64) -> Vec<(f64, f64)> {
    let at = |spread: &Spread| spread.mean + deviations * spread.std.unwrap_or(0.0);
    let points = band.iter();
    points
        .map(|(epoch, spread)| (*epoch as f64, at(spread)))
        .collect()
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
    fn a_band_goes_as_far_as_all_curves_do() {
        let curves = [
            vec![(1, 0.1), (2, 0.2), (3, 0.9)],
            vec![(1, 0.3), (2, 0.2)],
            vec![(2, 0.5), (3, 0.6)],
        ];
        let two = band(&curves[..2]);
        let epochs: Vec<usize> = two.iter().map(|point| point.0).collect();
        assert_eq!(epochs, [1, 2]);
        assert_eq!(two[1].1.std, Some(0.0));
        assert_eq!((band(&curves).len(), band(&curves)[0].0), (1, 2));
        assert_eq!(band(&[]), []);
    }

    #[test]
    fn the_spread_is_the_samples() {
        // numpy.std([0.1, 0.2, 0.4], ddof=1)
        let spread = Spread::of(&[0.1, 0.2, 0.4]).unwrap();
        assert!((spread.mean - 0.233_333_333_333_333_3).abs() < 1e-15);
        assert!((spread.std.unwrap() - 0.152_752_523_165_194_67).abs() < 1e-15);
        // scipy.stats.sem([0.1, 0.2, 0.4])
        assert!((spread.standard_error().unwrap() - 0.088_191_710_368_819_69).abs() < 1e-15);
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
