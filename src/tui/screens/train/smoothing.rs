//! Smoothing of curves.

/// Strengths: the weight of the smoothed value before in the next one. 0 does not smooth.
pub const SMOOTHING: [f64; 6] = [0.0, 0.3, 0.6, 0.8, 0.9, 0.97];
/// The exponential moving average with bias correction, as in Adam (Kingma & Ba 2015).
pub fn smoothed(points: &[(f64, f64)], strength: f64) -> Vec<(f64, f64)> {
    if strength <= 0.0 {
        return points.to_vec();
    }
    let (mut mean, mut weight) = (0.0, 0.0);
    points
        .iter()
        .filter(|(_, y)| y.is_finite())
        .map(|&(x, y)| {
            mean = strength * mean + (1.0 - strength) * y;
            weight = strength * weight + (1.0 - strength);
            (x, mean / weight)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smoothing_starts_at_the_first_value_and_ends_near_the_last() {
        let points: Vec<(f64, f64)> = (1..=50).map(|x| (f64::from(x), 1.0)).collect();
        let smooth = smoothed(&points, 0.9);
        assert!(smooth.iter().all(|point| (point.1 - 1.0).abs() < 1e-12));
        let steps = smoothed(&[(1.0, 0.0), (2.0, 1.0)], 0.5);
        assert!((steps[1].1 - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(smoothed(&points, 0.0), points);
    }
}
