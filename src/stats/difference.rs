//! The mean of paired differences, and how exact it is.

use super::spread::Spread;
use super::students_t::quantile_of_95;

/// How the accuracies of two ways to train differ, pair by pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The mean difference, a share.
    pub mean: f64,
    /// Its standard error; of a single pair it is not known, unless the images tell.
    pub standard_error: Option<f64>,
    /// How far its 95 % interval reaches to either side.
    pub half_width: Option<f64>,
    /// How many pairs there are; without pairs, how many values the smaller side has.
    pub pairs: usize,
}

/// On which side of 0 an interval lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// All of it below 0.
    Below,
    /// All of it above 0.
    Above,
    /// It holds 0, or is not known.
    Open,
}

impl Difference {
    /// Of pairs that differ by these values: the interval is Student's with n - 1 degrees of freedom (Student
    /// 1908). None without a pair.
    pub fn of_pairs(differences: &[f64]) -> Option<Self> {
        let spread = Spread::of(differences)?;
        let error = spread.standard_error();
        let factor = quantile_of_95(spread.count - 1);
        Some(Self {
            mean: spread.mean,
            standard_error: error,
            half_width: error.zip(factor).map(|(error, factor)| error * factor),
            pairs: spread.count,
        })
    }

    /// Of the mean of some accuracies minus that of others, which have no partners: the interval is Welch's (1947),
    /// its degrees of freedom rounded down. None where one of them has no value.
    pub fn of_groups(with: &[f64], without: &[f64]) -> Option<Self> {
        let (a, b) = (Spread::of(with)?, Spread::of(without)?);
        // The squared standard error of each mean.
        let squared = |spread: &Spread| Some((spread.standard_error()?.powi(2), spread.count));
        let found = squared(&a).zip(squared(&b));
        let found = found.map(|((of_a, n_a), (of_b, n_b))| {
            let sum: f64 = of_a + of_b;
            let parts = of_a.powi(2) / (n_a as f64 - 1.0) + of_b.powi(2) / (n_b as f64 - 1.0);
            // Groups without any spread have the degrees of the smaller one.
            let degrees = match parts > 0.0 {
                true => sum.powi(2) / parts,
                false => (n_a.min(n_b) - 1) as f64,
            };
            (sum.sqrt(), degrees as usize)
        });
        let half_width = found.and_then(|(error, degrees)| {
            let factor = quantile_of_95(degrees.max(1))?;
            Some(factor * error)
        });
        Some(Self {
            mean: a.mean - b.mean,
            standard_error: found.map(|(error, _)| error),
            half_width,
            pairs: a.count.min(b.count),
        })
    }

    /// Of a single pair, whose images leave this standard error: the interval is the normal distribution's.
    #[must_use]
    pub fn with_error_of_images(self, standard_error: f64) -> Self {
        const NORMAL: f64 = 1.959_963_984_540_054;
        Self {
            standard_error: Some(standard_error),
            half_width: Some(NORMAL * standard_error),
            ..self
        }
    }

    /// The ends of its interval.
    pub fn interval(&self) -> Option<[f64; 2]> {
        let half = self.half_width?;
        Some([self.mean - half, self.mean + half])
    }

    /// On which side of 0 its interval lies.
    pub fn side(&self) -> Side {
        match self.interval() {
            Some([_, high]) if high < 0.0 => Side::Below,
            Some([low, _]) if low > 0.0 => Side::Above,
            _ => Side::Open,
        }
    }

    /// In points of accuracy, with half of the interval: `−1.20 ± 0.35`.
    pub fn points(&self) -> String {
        let signed = |share: f64| {
            let text = format!("{:+.2}", 100.0 * share);
            match text.as_str() {
                "+0.00" | "-0.00" => "0.00".to_owned(),
                _ => text.replace('-', "−"),
            }
        };
        match self.half_width {
            Some(half) => format!("{} ± {:.2}", signed(self.mean), 100.0 * half),
            None => signed(self.mean),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_scipys() {
        // d = numpy.array([...]); n = len(d)
        // scipy.stats.t.interval(0.95, n - 1, d.mean(), scipy.stats.sem(d))
        let expected: [(&[f64], f64, f64); 3] = [
            (
                &[-0.012, -0.015, -0.011],
                -0.017_837_811_679_208_927,
                -0.007_495_521_654_124_404,
            ),
            (
                &[0.01, -0.02],
                -0.195_593_071_042_620_41,
                0.185_593_071_042_620_4,
            ),
            (
                &[0.001, 0.002, -0.003, 0.004, 0.0005],
                -0.002_277_786_670_475_473,
                0.004_077_786_670_475_473,
            ),
        ];
        for (values, low, high) in expected {
            let difference = Difference::of_pairs(values).unwrap();
            let [found_low, found_high] = difference.interval().unwrap();
            assert!((found_low - low).abs() < 1e-12, "{found_low} is not {low}");
            assert!(
                (found_high - high).abs() < 1e-12,
                "{found_high} is not {high}"
            );
        }
        assert_eq!(Difference::of_pairs(&[]), None);
    }

    #[test]
    fn a_single_pair_has_the_error_of_its_images_or_none() {
        let one = Difference::of_pairs(&[-0.02]).unwrap();
        assert_eq!((one.interval(), one.side()), (None, Side::Open));
        assert_eq!(one.points(), "−2.00");
        let known = one.with_error_of_images(0.005);
        assert_eq!(known.side(), Side::Below);
        assert_eq!(known.points(), "−2.00 ± 0.98");
        assert_eq!(one.with_error_of_images(0.02).side(), Side::Open);
    }

    #[test]
    fn groups_without_partners_have_welchs_interval() {
        // r = scipy.stats.ttest_ind(a, b, equal_var=False); r.df is 6.9485, rounded down to 6
        let (a, b) = ([0.91, 0.93, 0.92, 0.925], [0.90, 0.89, 0.905, 0.88, 0.91]);
        let difference = Difference::of_groups(&a, &b).unwrap();
        assert!((difference.mean - 0.024_25).abs() < 1e-12);
        let error = difference.standard_error.unwrap();
        assert!((error - 0.006_872_347_973_339_734).abs() < 1e-12);
        let half = difference.half_width.unwrap();
        assert!((half - 0.016_816_029_701_157_17).abs() < 1e-10, "{half}");
        // One value alone has no spread, and none no mean.
        assert_eq!(Difference::of_groups(&[0.9], &b).unwrap().half_width, None);
        assert_eq!(Difference::of_groups(&[], &b), None);
        let same = Difference::of_groups(&[0.9, 0.9], &[0.8, 0.8]).unwrap();
        assert_eq!(same.half_width, Some(0.0));
    }

    #[test]
    fn what_does_not_differ_is_open() {
        let same = Difference::of_pairs(&[0.0, 0.0, 0.0]).unwrap();
        assert_eq!(
            (same.side(), same.points()),
            (Side::Open, "0.00 ± 0.00".into())
        );
        let above = Difference::of_pairs(&[0.01, 0.012, 0.011]).unwrap();
        assert_eq!(above.side(), Side::Above);
    }
}
