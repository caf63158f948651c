//! Student's t distribution, for whole degrees of freedom.

use std::f64::consts::FRAC_2_PI;

/// How many standard errors of the mean 95 % of all means lie within, with so many degrees of freedom; none
/// without any.
pub fn quantile_of_95(degrees: usize) -> Option<f64> {
    if degrees == 0 {
        return None;
    }
    // One degree has the largest, 12.7.
    let (mut low, mut high) = (0.0, 16.0);
    // Halved so often, the two are neighbours.
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        match within(middle, degrees) < 0.95 {
            true => low = middle,
            false => high = middle,
        }
    }
    Some((low + high) / 2.0)
}

/// The probability that a value lies within ±`t`: the finite sums of Abramowitz & Stegun (1964), 26.7.3 for odd
/// and 26.7.4 for even degrees of freedom.
fn within(t: f64, degrees: usize) -> f64 {
    let angle = (t / (degrees as f64).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let squared = cosine * cosine;
    if degrees.is_multiple_of(2) {
        // sin θ (1 + 1/2 cos² θ + 1·3/(2·4) cos⁴ θ + …), n / 2 terms.
        let (mut term, mut sum) = (1.0, 0.0);
        for index in 1..=degrees / 2 {
            sum += term;
            term *= squared * (2 * index - 1) as f64 / (2 * index) as f64;
        }
        return sine * sum;
    }
    // 2/π (θ + sin θ (cos θ + 2/3 cos³ θ + 2·4/(3·5) cos⁵ θ + …)), (n - 1) / 2 terms.
    let (mut term, mut sum) = (cosine, 0.0);
    for index in 1..=degrees / 2 {
        sum += term;
        term *= squared * (2 * index) as f64 / (2 * index + 1) as f64;
    }
    FRAC_2_PI * (angle + sine * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_scipys() {
        // scipy.stats.t.ppf(0.975, df)
        let expected = [
            (1, 12.706_204_736_174_694),
            (2, 4.302_652_729_749_462),
            (3, 3.182_446_305_283_707_8),
            (4, 2.776_445_105_197_793_4),
            (9, 2.262_157_162_798_205),
            (30, 2.042_272_456_301_237_8),
            (99, 1.984_216_951_586_417_4),
            (9999, 1.960_201_263_621_357),
        ];
        for (degrees, quantile) in expected {
            let found = quantile_of_95(degrees).unwrap();
            assert!((found - quantile).abs() < 1e-9, "{degrees}: {found}");
        }
        assert_eq!(quantile_of_95(0), None);
    }
}
