//! Where an axis has its ticks, and the texts at them.

/// Values beyond this are not drawn: no accuracy, loss or epoch is that large.
const LARGEST: f64 = 1e15;

/// The smallest and largest of the values that can be drawn.
pub fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .filter(|value| value.abs() < LARGEST)
        .fold(None, |range, value| match range {
            None => Some((value, value)),
            Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
        })
}

/// The nice step (1, 2 or 5 times a power of ten) that divides the range into at most `most` parts.
pub fn step(low: f64, high: f64, most: usize) -> f64 {
    let rough = (high - low) / most.max(1) as f64;
    if rough <= 0.0 || !rough.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(rough.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter();
    let factor = nice.clone().find(|factor| factor * power >= rough * 0.999);
    factor.unwrap_or(10.0) * power
}

/// The nice steps that divide the range into one part at least and at most `most`, the smallest first.
pub fn steps(low: f64, high: f64, most: usize) -> impl Iterator<Item = f64> {
    let range = high - low;
    let smallest = range / most.max(1) as f64;
    let is_known = smallest.is_normal() && smallest > 0.0;
    let power = if is_known {
        smallest.log10().floor()
    } else {
        0.0
    };
    let decades = (0..4).map(move |more| 10_f64.powf(power + f64::from(more)));
    let steps = decades.flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * power));
    steps.filter(move |step| is_known && (smallest * 0.999..=range * 1.001).contains(step))
}

/// The multiples of `step` from `low` to `high`, at most 64.
pub fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil();
    (0..64)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|tick| *tick <= high + step * 1e-9)
        .collect()
}

/// Nice values from `low` to `high`.
pub fn linear(low: f64, high: f64, most: usize) -> Vec<f64> {
    multiples(low, high, step(low, high, most))
}

/// Nice whole numbers from `low` to `high`.
pub fn whole(low: f64, high: f64, most: usize) -> Vec<f64> {
    let step = step(low, high, most).max(1.0).round();
    multiples(low, high, step)
}

/// Nice values for a logarithmic axis: powers of ten, with 2 and 5 between them where there is room.
pub fn logarithmic(low: f64, high: f64, most: usize) -> Vec<f64> {
    let first = low.max(f64::MIN_POSITIVE).log10().floor() as i32;
    let last = high.max(f64::MIN_POSITIVE).log10().ceil() as i32;
    let within = |factors: &[f64], every: i32| -> Vec<f64> {
        (first..=last)
            .filter(|power| power % every == 0)
            .flat_map(|power| {
                factors
                    .iter()
                    .map(move |factor| factor * 10_f64.powi(power))
            })
            .filter(|tick| (low * 0.999_999..=high * 1.000_001).contains(tick))
            .collect()
    };
    for (factors, every) in [
        (&[1.0, 1.5, 2.0, 3.0, 5.0, 7.0][..], 1),
        (&[1.0, 2.0, 5.0], 1),
        (&[1.0], 1),
        (&[1.0], 3),
        (&[1.0], 10),
    ] {
        let ticks = within(factors, every);
        if ticks.len() <= most {
            // Less than a factor of two in view: equal steps serve better.
            return if ticks.len() >= 2 {
                ticks
            } else {
                linear(low, high, most)
            };
        }
    }
    Vec::new()
}

/// How many decimals tell multiples of `step` apart, 6 at most.
pub fn decimals(step: f64) -> usize {
    // 1e-9 keeps a step of 0.1, whose logarithm is a hair below -1, at one decimal.
    (-(step.max(1e-6).log10() + 1e-9).floor()).clamp(0.0, 6.0) as usize
}

/// The texts at the ticks, all with as many decimals as tell them apart.
pub fn labels(ticks: &[f64]) -> Vec<String> {
    let gaps = ticks.windows(2).map(|pair| pair[1] - pair[0]);
    let gap = gaps.fold(f64::INFINITY, f64::min);
    let smallest = if gap.is_finite() {
        gap
    } else {
        ticks.first().map_or(1.0, |tick| tick.abs())
    };
    let largest = ticks
        .iter()
        .fold(0.0, |most, tick| f64::max(most, tick.abs()));
    if largest >= 1e6 || (smallest > 0.0 && smallest < 1e-6) {
        return ticks.iter().map(|tick| format!("{tick:.0e}")).collect();
    }
    let decimals = decimals(smallest);
    // Adding zero makes a zero of minus zero.
    let text = ticks
        .iter()
        .map(|tick| format!("{:.decimals$}", tick + 0.0));
    text.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_nice_and_few() {
        assert_eq!(
            labels(&linear(0.713, 0.934, 5)),
            ["0.75", "0.80", "0.85", "0.90"]
        );
        assert_eq!(
            labels(&whole(1.0, 30.0, 6)),
            ["5", "10", "15", "20", "25", "30"]
        );
        assert_eq!(labels(&whole(1.0, 3.0, 8)), ["1", "2", "3"]);
        assert_eq!(logarithmic(0.04, 2.3, 6), [0.05, 0.1, 0.2, 0.5, 1.0, 2.0]);
        assert_eq!(
            labels(&logarithmic(0.31, 0.34, 4)),
            ["0.31", "0.32", "0.33", "0.34"]
        );
        assert_eq!(logarithmic(1e-6, 1e3, 4), [1e-6, 1e-3, 1.0, 1e3]);
    }

    #[test]
    fn nothing_is_too_large_or_too_small() {
        for (low, high) in [
            (0.0, 0.0),
            (5.0, 5.0),
            (-1e14, 1e14),
            (1e-300, 1e-299),
            (1e14, 1e14),
        ] {
            for most in [0, 1, 7] {
                assert!(linear(low, high, most).len() <= 64);
                assert!(whole(low, high, most).len() <= 64);
                assert!(logarithmic(low, high, most).len() <= 64);
                labels(&linear(low, high, most));
            }
        }
        assert_eq!(
            range([f64::NAN, 1.0, f64::INFINITY, 3.0].into_iter()),
            Some((1.0, 3.0))
        );
        assert_eq!(range(std::iter::empty()), None);
    }
}
