//! How far one step goes: by one where every value counts, along a scale of usual values elsewhere.

use super::field::number;
use crate::spec::limits::Limit;

/// Fields whose usual values are 0 and small powers of ten.
const SMALL: [&str; 4] = ["weight_decay", "slope", "initial_factor", "final_factor"];
/// The smallest of them but 0.
const SMALLEST: f64 = 1e-6;

/// The value one step up or down from `text`, within the limit.
pub fn step(name: &str, limit: Limit, text: &str, up: bool) -> Option<String> {
    let text = text.trim();
    Some(match limit {
        Limit::Whole(min, max) => {
            let now = text.parse::<u64>().ok()?;
            whole(name, max, now, up).clamp(min, max).to_string()
        }
        Limit::Real(min, max) => {
            let now = text.parse::<f64>().ok().filter(|now| now.is_finite())?;
            number(real(name, (min, max), now, up).clamp(min, max))
        }
    })
}

fn whole(name: &str, max: u64, now: u64, up: bool) -> u64 {
    if name.contains("epochs") {
        // Below a border the steps are those of the range it closes.
        let reach = if up { now } else { now.saturating_sub(1) };
        let step = match reach {
            0..10 => 1,
            10..50 => 5,
            50..200 => 10,
            _ => 50,
        };
        return onto_grid(now, step, up);
    }
    if max <= 64 || max == u64::MAX {
        return onto_grid(now, 1, up);
    }
    // Channels, units, batches: powers of two and the values half way between them.
    let mut sizes = (0..63).flat_map(|bits| {
        let power = 1_u64 << bits;
        let between = (bits > 0).then_some(power + power / 2);
        std::iter::once(power).chain(between)
    });
    if up {
        sizes.find(|size| *size > now).unwrap_or(max)
    } else {
        sizes.take_while(|size| *size < now).last().unwrap_or(0)
    }
}

fn onto_grid(now: u64, step: u64, up: bool) -> u64 {
    if up {
        (now / step).saturating_add(1).saturating_mul(step)
    } else {
        now.saturating_sub(1) / step * step
    }
}

fn real(name: &str, (min, max): (f64, f64), now: f64, up: bool) -> f64 {
    if SMALL.contains(&name) {
        return match (up, now) {
            (true, now) if now < SMALLEST => SMALLEST,
            (false, now) if now <= SMALLEST * 1.01 => 0.0,
            _ => quarter_decade(now, up),
        };
    }
    if min > 0.0 && max / min > 1e4 {
        return quarter_decade(now, up);
    }
    // Usual decay rates lie close below 1.
    let decays = max > 0.99 && max < 1.0;
    if decays && (now > 0.9 + 1e-9 || (up && now > 0.9 - 1e-9)) {
        const RATES: [f64; 8] = [0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999];
        let next = if up {
            RATES.iter().find(|rate| **rate > now + 1e-9)
        } else {
            RATES.iter().rev().find(|rate| **rate < now - 1e-9)
        };
        return next.copied().unwrap_or(max);
    }
    let size = match max {
        max if max <= 1.0 => 0.05,
        max if max <= 10.0 => 0.1,
        _ => 0.5,
    };
    let steps = now / size;
    let next = if up {
        (steps + 1e-6).floor() + 1.0
    } else {
        (steps - 1e-6).ceil() - 1.0
    };
    // Removes the rounding error of the product.
    (next * size * 1000.0).round() / 1000.0
}

/// The next of ten to the quarters, rounded to two digits: 0.001, 0.0018, 0.0032, 0.0056, 0.01.
fn quarter_decade(now: f64, up: bool) -> f64 {
    // Rounding to two digits moves a value by less than a tenth of a step.
    let position = now.log10() * 4.0;
    let next = if up {
        (position + 0.1).floor() + 1.0
    } else {
        (position - 0.1).ceil() - 1.0
    };
    let exact = 10_f64.powf(next / 4.0);
    format!("{exact:.1e}").parse().unwrap_or(exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::limits::limit;

    fn walk(owner: &str, name: &str, start: &str, up: bool, steps: usize) -> Vec<String> {
        let limit = limit(owner, name).unwrap();
        let mut now = start.to_owned();
        (0..steps)
            .map(|_| {
                now = step(name, limit, &now, up).unwrap();
                now.clone()
            })
            .collect()
    }

    #[test]
    fn steps_visit_usual_values() {
        assert_eq!(
            walk("", "learning_rate", "0.001", true, 4),
            ["0.0018", "0.0032", "0.0056", "0.01"]
        );
        assert_eq!(
            walk("", "learning_rate", "0.001", false, 4),
            ["5.6e-4", "3.2e-4", "1.8e-4", "1e-4"]
        );
        assert_eq!(
            walk("Conv2d", "kernel_size", "3", false, 3),
            ["2", "1", "1"]
        );
        assert_eq!(walk("Dense", "units", "64", true, 3), ["96", "128", "192"]);
        assert_eq!(walk("Dense", "units", "10", false, 3), ["8", "6", "4"]);
        assert_eq!(
            walk("Dropout", "p", "0.3", true, 3),
            ["0.35", "0.4", "0.45"]
        );
        assert_eq!(walk("Dropout", "p", "0.07", false, 3), ["0.05", "0", "0"]);
        assert_eq!(walk("", "epochs", "100", false, 2), ["90", "80"]);
        assert_eq!(walk("", "epochs", "9", true, 3), ["10", "15", "20"]);
        assert_eq!(
            walk("Adam", "beta2", "0.999", false, 3),
            ["0.998", "0.995", "0.99"]
        );
        assert_eq!(walk("Sgd", "momentum", "0", true, 2), ["0.05", "0.1"]);
        assert_eq!(
            walk("Adam", "weight_decay", "0", true, 2),
            ["1e-6", "1.8e-6"]
        );
        assert_eq!(walk("Adam", "weight_decay", "1e-6", false, 2), ["0", "0"]);
        assert_eq!(
            walk("", "seed", "18446744073709551615", true, 1),
            ["18446744073709551615"]
        );
    }

    #[test]
    fn a_step_there_and_back_stays_within_limits() {
        for (owner, name) in [
            ("Conv2d", "out_channels"),
            ("Dense", "units"),
            ("Conv2d", "padding"),
            ("Dropout", "p"),
        ] {
            let limit = limit(owner, name).unwrap();
            assert!(step(name, limit, "not a number", true).is_none());
            let (min, max) = match limit {
                Limit::Whole(min, max) => (min.to_string(), max.to_string()),
                Limit::Real(min, max) => (number(min), number(max)),
            };
            assert_eq!(step(name, limit, &min, false), Some(min.clone()));
            assert_eq!(step(name, limit, &max, true), Some(max));
        }
    }
}
