//! What an axis shows, and the numbers beside it.

use crate::text::ticks;
use std::ops::RangeInclusive;

/// A curve: `(epoch, value)` in the order of the epochs.
pub type Points = Vec<(f64, f64)>;

/// The range of the values of several curves, with a margin. The first epochs of a run are far from
/// all others and would squash the rest: a twentieth of each curve, at least one value of four, may
/// lie outside on the side that `early` names.
///
/// The range lies within `limits` and is never narrower than `narrowest`.
pub fn range(
    curves: &[Points],
    early: Early,
    limits: RangeInclusive<f64>,
    narrowest: f64,
) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for curve in curves {
        let mut values: Vec<f64> = curve.iter().map(|(_, value)| *value).collect();
        values.sort_by(f64::total_cmp);
        let outside = if values.len() < 4 {
            0
        } else {
            (values.len() / 20).max(1)
        };
        let kept = match early {
            Early::Low => values.get(outside..),
            Early::High => values.get(..values.len() - outside),
        };
        if let Some([first, ..]) = kept {
            low = low.min(*first);
        }
        if let Some([.., last]) = kept {
            high = high.max(*last);
        }
    }
    if low > high {
        return (*limits.start(), limits.start() + narrowest);
    }
    let air = 0.06 * (high - low);
    let (mut low, mut high) = (low - air, high + air);
    if high - low < narrowest {
        let middle = (low + high) / 2.0;
        (low, high) = (middle - narrowest / 2.0, middle + narrowest / 2.0);
    }
    // Moved as a whole where possible, so that it keeps its width.
    if low < *limits.start() {
        (low, high) = (*limits.start(), high.max(limits.start() + narrowest));
    }
    if high > *limits.end() {
        (low, high) = (low.min(limits.end() - narrowest), *limits.end());
    }
    (low, high)
}

/// On which side the first epochs of a run lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    /// Below: accuracies.
    Low,
    /// Above: losses.
    High,
}

/// Round numbers within a range, at most `most` + 1 of them, and how many decimals they need. With
/// `whole` only whole numbers.
pub fn ticks((low, high): (f64, f64), most: usize, whole: bool) -> (Vec<f64>, usize) {
    if !(high > low && (high - low).is_finite()) {
        return (Vec::new(), 0);
    }
    let mut step = ticks::step(low, high, most);
    if whole {
        step = step.max(1.0);
    }
    (ticks::multiples(low, high, step), ticks::decimals(step))
}

/// The parts of a curve between two heights; where it crosses one, it ends there.
pub fn clip(curve: &[(f64, f64)], (low, high): (f64, f64)) -> Vec<Points> {
    let mut parts: Vec<Points> = vec![Vec::new()];
    let inside = |value: f64| (low..=high).contains(&value);
    for pair in curve.windows(2) {
        let &[from, to] = pair else { continue };
        // The point between the two where a height is reached, if it is.
        let share = |height: f64| {
            let share = (height - from.1) / (to.1 - from.1);
            (share > 0.0 && share < 1.0).then_some(share)
        };
        let mut stops: Vec<f64> = [low, high].into_iter().filter_map(share).collect();
        stops.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let value = from.1 + (to.1 - from.1) * share;
            (from.0 + (to.0 - from.0) * share, value.clamp(low, high))
        };
        let mut ends = vec![from];
        ends.extend(stops.into_iter().map(at));
        ends.push(to);
        for part in ends.windows(2) {
            let &[from, to] = part else { continue };
            let middle = f64::midpoint(from.1, to.1);
            if !inside(middle) {
                continue;
            }
            match parts.last_mut() {
                Some(last) if last.last() == Some(&from) => last.push(to),
                _ => parts.push(vec![from, to]),
            }
        }
    }
    parts.retain(|part| part.len() > 1);
    parts
}

/// A curve of at most `most` points: where there are more epochs, each point is the mean of the
/// returned number of them.
pub fn averaged(curve: &[(f64, f64)], most: usize) -> (Points, usize) {
    let together = curve.len().div_ceil(most.max(1)).max(1);
    let mean = |points: &[(f64, f64)]| {
        let many = points.len().max(1) as f64;
        // Divided first: the sum of large losses need not be finite.
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(|point| of(point) / many).sum();
        (mean(|point| point.0), mean(|point| point.1))
    };
    (curve.chunks(together).map(mean).collect(), together)
}

/// The numbers beside an axis, all written alike.
pub fn written(ticks: &[f64], decimals: usize, unit: &str) -> Vec<String> {
    let large = ticks.iter().any(|tick| tick.abs() >= 1e5);
    let ticks = ticks.iter();
    ticks
        .map(|tick| match large {
            true => format!("{tick:.1e}{unit}"),
            false => format!("{tick:.decimals$}{unit}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(values: &[f64]) -> Points {
        (1..).map(f64::from).zip(values.iter().copied()).collect()
    }

    #[test]
    fn a_bad_first_epoch_does_not_squash_the_rest() {
        let accuracy = curve(&[10.0, 85.0, 88.0, 90.0, 91.0]);
        let (low, high) = range(&[accuracy], Early::Low, 0.0..=100.0, 1.0);
        assert!(
            (84.0..85.0).contains(&low) && (91.0..92.0).contains(&high),
            "{low} {high}"
        );
        let loss = curve(&[1e300, 0.5, 0.4, 0.3, 0.2]);
        let (low, high) = range(&[loss], Early::High, 0.0..=1e6, 0.01);
        assert!(
            (0.1..0.2).contains(&low) && (0.5..0.6).contains(&high),
            "{low} {high}"
        );
        // Of two runs the worse is seen whole but for its own beginning.
        let runs = [curve(&[10.0, 85.0, 88.0, 90.0]), curve(&[10.0; 4])];
        assert!(range(&runs, Early::Low, 0.0..=100.0, 1.0).0 < 10.0);
    }

    #[test]
    fn a_range_is_never_empty_and_keeps_its_limits() {
        for values in [&[100.0][..], &[0.0], &[100.0; 30], &[0.0; 7], &[]] {
            let (low, high) = range(&[curve(values)], Early::Low, 0.0..=100.0, 1.0);
            assert!(
                low >= 0.0 && high <= 100.0 && high - low >= 0.999,
                "{low} {high}"
            );
        }
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(
            ticks((0.0, 50.0), 5, true),
            (vec![0.0, 10.0, 20.0, 30.0, 40.0, 50.0], 0)
        );
        assert_eq!(ticks((1.0, 3.0), 10, true), (vec![1.0, 2.0, 3.0], 0));
        let (found, decimals) = ticks((90.2, 91.4), 6, false);
        assert_eq!((found.len(), decimals), (7, 1));
        let (found, decimals) = ticks((0.001, 0.004), 4, false);
        assert_eq!((found.len(), decimals), (4, 3));
        for absurd in [
            (0.0, 0.0),
            (1.0, 0.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
        ] {
            assert!(ticks(absurd, 5, false).0.is_empty());
        }
    }

    #[test]
    fn a_curve_ends_where_it_leaves_the_panel() {
        let parts = clip(&curve(&[0.0, 10.0, 10.0, 0.0, 10.0]), (5.0, 12.0));
        let expected: [Points; 2] = [
            vec![(1.5, 5.0), (2.0, 10.0), (3.0, 10.0), (3.5, 5.0)],
            vec![(4.5, 5.0), (5.0, 10.0)],
        ];
        assert_eq!(parts, expected);
        // Through the whole panel between two epochs.
        assert_eq!(
            clip(&curve(&[0.0, 20.0]), (5.0, 15.0)),
            [vec![(1.25, 5.0), (1.75, 15.0)]]
        );
        assert!(clip(&curve(&[0.0, 1.0]), (5.0, 15.0)).is_empty());
        assert_eq!(clip(&curve(&[7.0, 7.0]), (5.0, 15.0)).len(), 1);
    }

    #[test]
    fn long_curves_are_averaged_and_short_ones_are_not() {
        assert_eq!(averaged(&curve(&[1.0, 2.0]), 2), (curve(&[1.0, 2.0]), 1));
        let (points, together) = averaged(&curve(&[1.0, 2.0, 3.0, 4.0, 5.0]), 2);
        assert_eq!(together, 3);
        assert!((points[0].0 - 2.0).abs() < 1e-9 && (points[1].1 - 4.5).abs() < 1e-9);
        let (points, _) = averaged(&curve(&[f64::MAX; 10]), 5);
        assert!(points.iter().all(|point| point.1.is_finite()));
    }

    #[test]
    fn numbers_stay_short() {
        assert_eq!(written(&[0.5, 1.0], 1, " %"), ["0.5 %", "1.0 %"]);
        assert_eq!(written(&[0.0, 2e299], 0, ""), ["0.0e0", "2.0e299"]);
    }
}
