//! Elementwise math functions (exp, tanh, sigmoid, the normal distribution) without branches or calls,
//! so that the compiler vectorises a loop over them; the standard library's compute one value per call.
//!
//! They consist of additions, multiplications, divisions and selections, so that the bits are the same
//! on every machine. NaN stays NaN, since a diverged network must be noticed.

use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

/// Above it `exp` is infinite in f32, `ln(2¹²⁸)`.
const OVERFLOW: f32 = 88.722_84;

/// Below it, about 10⁻³⁸, `exp` returns 0 here.
const UNDERFLOW: f32 = -87.0;

/// `exp(x) = 2ⁿ · (1 + remainder)`, with `|remainder| < 0.42`.
struct Split {
    /// `2ⁿ⁻¹`: `2ⁿ` itself can be beyond what f32 holds though the result is not.
    half_power: f32,
    remainder: f32,
}

#[inline(always)]
fn split(x: f32) -> Split {
    // 1.5 · 2²³: a sum with it has no bits left for a fraction, so it is rounded to a whole number,
    // which is then in its lowest bits.
    const ROUNDER: f32 = 12_582_912.0;
    // ln 2 in two parts; the product of the first with a whole number is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = (std::f64::consts::LN_2 - LN_2_HIGH as f64) as f32;
    const EXPONENT_OF_HALF: u32 = 126;

    let rounded = x * LOG2_E + ROUNDER;
    let n = rounded - ROUNDER;
    let whole = rounded.to_bits().wrapping_sub(ROUNDER.to_bits());
    let half_power = f32::from_bits(whole.wrapping_add(EXPONENT_OF_HALF) << 23);
    let r = x - n * LN_2_HIGH - n * LN_2_LOW;
    // The series of exp; what is left out is less than 10⁻⁸ for |r| ≤ ln(2) / 2.
    let series = 1.0 / 720.0 + r * (1.0 / 5040.0);
    let series = 1.0 / 24.0 + r * (1.0 / 120.0 + r * series);
    let series = 1.0 / 2.0 + r * (1.0 / 6.0 + r * series);
    let remainder = r + r * r * series;
    Split {
        half_power,
        remainder,
    }
}

/// `inside` where f32 holds the exponential of `x`, else its limit: `lowest`, or infinity.
#[inline(always)]
fn limited(x: f32, inside: f32, lowest: f32) -> f32 {
    let above = if x < UNDERFLOW { lowest } else { inside };
    if x > OVERFLOW { f32::INFINITY } else { above }
}

/// `eˣ`.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let Split {
        half_power,
        remainder,
    } = split(x);
    limited(x, (half_power + half_power * remainder) * 2.0, 0.0)
}

/// `eˣ - 1`, exact to the last digits near 0 too.
#[inline(always)]
pub fn exp_m1(x: f32) -> f32 {
    let Split {
        half_power,
        remainder,
    } = split(x);
    limited(x, (half_power * remainder + (half_power - 0.5)) * 2.0, -1.0)
}

/// `1 / (1 + e⁻ˣ)`.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let shrunk = exp_m1(-2.0 * x.abs());
    (-shrunk / (shrunk + 2.0)).copysign(x)
}

/// Φ, the distribution function of the standard normal.
#[inline(always)]
pub fn normal_distribution(x: f32) -> f32 {
    let tail = 0.5 * erfc_of_positive(x.abs() * FRAC_1_SQRT_2);
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// φ, the density of the standard normal.
#[inline(always)]
pub fn normal_density(x: f32) -> f32 {
    const ONE_BY_SQRT_TAU: f32 = 0.398_942_3;
    exp(-0.5 * x * x) * ONE_BY_SQRT_TAU
}

/// The complementary error function for `x ≥ 0`, to 1.2·10⁻⁷ of itself: Press et al., Numerical
/// Recipes in C, 2nd edition, §6.2.
#[inline(always)]
fn erfc_of_positive(x: f32) -> f32 {
    const COEFFICIENTS: [f32; 10] = [
        -1.265_512_2,
        1.000_023_7,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_204,
        1.488_515_9,
        -0.822_152_23,
        0.170_872_77,
    ];
    let t = 1.0 / (1.0 + 0.5 * x);
    let mut polynomial = 0.0;
    for coefficient in COEFFICIENTS.iter().rev() {
        polynomial = polynomial * t + coefficient;
    }
    t * exp(polynomial - x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every hundredth of `-100..=100`, and numbers ever closer to 0 from both sides.
    fn numbers() -> impl Iterator<Item = f32> {
        let small = (1..40).flat_map(|n| [1.0, -1.0].map(|sign| sign * 0.7_f32.powi(n)));
        (-10_000..=10_000).map(|n| n as f32 / 100.0).chain(small)
    }

    /// Compares with a reference in f64: within `relative` of it, or within 10⁻³⁷ altogether.
    fn check(function: fn(f32) -> f32, reference: impl Fn(f64) -> f64, relative: f64) {
        for x in numbers() {
            let (found, expected) = (f64::from(function(x)), reference(f64::from(x)));
            if expected > f64::from(f32::MAX) {
                assert_eq!(found, f64::INFINITY, "at {x}");
                continue;
            }
            let error = (found - expected).abs();
            assert!(
                error <= expected.abs() * relative + 2e-38,
                "at {x}: {found:e}, not {expected:e}"
            );
        }
    }

    #[test]
    fn exponentials_are_those_of_the_standard_library() {
        check(exp, f64::exp, 4e-7);
        check(exp_m1, f64::exp_m1, 4e-7);
        check(tanh, f64::tanh, 4e-7);
        check(sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 4e-7);
    }

    #[test]
    fn the_normal_distribution_is_that_of_the_error_function() {
        let distribution = |x: f64| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
        for x in numbers() {
            let (found, expected) = (normal_distribution(x), distribution(f64::from(x)));
            let error = (f64::from(found) - expected).abs();
            assert!(error < 3e-7, "at {x}: {found:e}, not {expected:e}");
            // The tail also by its own size, as far as it matters in a sum.
            if (-5.0..0.0).contains(&x) {
                assert!(
                    error < 5e-6 * expected,
                    "at {x}: {found:e}, not {expected:e}"
                );
            }
        }
        let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
        for x in numbers().filter(|x| x.abs() < 5.0) {
            let (found, expected) = (f64::from(normal_density(x)), density(f64::from(x)));
            assert!(
                (found - expected).abs() < 5e-6 * expected,
                "at {x}: {found:e}"
            );
        }
    }

    #[test]
    fn nan_stays_nan_and_infinities_have_their_limits() {
        for function in [
            exp,
            exp_m1,
            tanh,
            sigmoid,
            normal_distribution,
            normal_density,
        ] {
            assert!(function(f32::NAN).is_nan());
        }
        let at_infinity =
            |function: fn(f32) -> f32| [f32::NEG_INFINITY, f32::INFINITY].map(function);
        assert_eq!(at_infinity(exp), [0.0, f32::INFINITY]);
        assert_eq!(at_infinity(exp_m1), [-1.0, f32::INFINITY]);
        assert_eq!(at_infinity(tanh), [-1.0, 1.0]);
        assert_eq!(at_infinity(sigmoid), [0.0, 1.0]);
        assert_eq!(at_infinity(normal_distribution), [0.0, 1.0]);
        assert_eq!(at_infinity(normal_density), [0.0, 0.0]);
    }
}
