//! Elementwise math functions (exp, tanh, sigmoid, the normal distribution) without branches or calls,
//! so that the compiler vectorises a loop over them; the standard library's compute one value per call.
//!
//! They consist of additions, multiplications, fused multiply-adds (one instruction on AVX-512, AVX2 and
//! NEON), divisions and selections, so that the bits are the same on every machine. NaN stays NaN, since
//! a diverged network must be noticed.

use super::prefetch::prefetch;
use std::f32::consts::LOG2_E;

/// Values that a loop takes at a time: whole vectors on every machine. What is left at the end of a slice
/// goes through the same code, so that no value is computed alone.
const BLOCK: usize = 16;

/// How many values ahead of those that are computed others are asked for.
const AHEAD: usize = 2048;

/// `y = function(x)`, value by value. To be called within `on_vectors!`.
///
/// # Panics
/// If the lengths differ.
#[inline(always)]
pub fn map(x: &[f32], y: &mut [f32], function: impl Fn(f32) -> f32) {
    assert_eq!(x.len(), y.len(), "lengths");
    let (x, x_rest) = x.as_chunks::<BLOCK>();
    let (y, y_rest) = y.as_chunks_mut::<BLOCK>();
    for (y, x) in y.iter_mut().zip(x) {
        prefetch(x, AHEAD);
        prefetch(y, AHEAD);
        let mut block = *x;
        for value in &mut block {
            *value = function(*value);
        }
        *y = block;
    }
    if !y_rest.is_empty() {
        let mut block = [0.0; BLOCK];
        block[..x_rest.len()].copy_from_slice(x_rest);
        for value in &mut block {
            *value = function(*value);
        }
        y_rest.copy_from_slice(&block[..y_rest.len()]);
    }
}

/// `y = function(a, b)`, value by value. To be called within `on_vectors!`.
///
/// # Panics
/// If the lengths differ.
#[inline(always)]
pub fn map2(a: &[f32], b: &[f32], y: &mut [f32], function: impl Fn(f32, f32) -> f32) {
    assert_eq!([a.len(), b.len()], [y.len(); 2], "lengths");
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<BLOCK>(), b.as_chunks::<BLOCK>());
    let (y, y_rest) = y.as_chunks_mut::<BLOCK>();
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        prefetch(a, AHEAD);
        prefetch(b, AHEAD);
        let mut block = *a;
        for (value, b) in block.iter_mut().zip(b) {
            *value = function(*value, *b);
        }
        *y = block;
    }
    if !y_rest.is_empty() {
        let mut blocks = [[0.0; BLOCK]; 2];
        blocks[0][..a_rest.len()].copy_from_slice(a_rest);
        blocks[1][..b_rest.len()].copy_from_slice(b_rest);
        let [a, b] = &mut blocks;
        for (a, b) in a.iter_mut().zip(b) {
            *a = function(*a, *b);
        }
        y_rest.copy_from_slice(&a[..y_rest.len()]);
    }
}

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

    let rounded = x.mul_add(LOG2_E, ROUNDER);
    let n = rounded - ROUNDER;
    let whole = rounded.to_bits().wrapping_sub(ROUNDER.to_bits());
    let half_power = f32::from_bits(whole.wrapping_add(EXPONENT_OF_HALF) << 23);
    let r = n.mul_add(-LN_2_LOW, n.mul_add(-LN_2_HIGH, x));
    // The series of exp; what is left out is less than 10⁻⁸ for |r| ≤ ln(2) / 2. In pairs, which do not
    // wait for each other (Estrin's scheme).
    let r2 = r * r;
    let low = r.mul_add(1.0 / 6.0, 0.5);
    let middle = r.mul_add(1.0 / 120.0, 1.0 / 24.0);
    let high = r.mul_add(1.0 / 5040.0, 1.0 / 720.0);
    let series = r2.mul_add(r2.mul_add(high, middle), low);
    let remainder = r2.mul_add(series, r);
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
    limited(x, half_power.mul_add(remainder, half_power) * 2.0, 0.0)
}

/// `eˣ - 1`, exact to the last digits near 0 too.
#[inline(always)]
pub fn exp_m1(x: f32) -> f32 {
    let Split {
        half_power,
        remainder,
    } = split(x);
    limited(
        x,
        half_power.mul_add(remainder, half_power - 0.5) * 2.0,
        -1.0,
    )
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

/// The standard normal at one point.
#[derive(Clone, Copy)]
pub struct Normal {
    /// Φ, the distribution function.
    pub distribution: f32,
    /// φ, the density.
    pub density: f32,
}

/// The standard normal at `x`: Φ to 3·10⁻⁷, its left tail to 5·10⁻⁶ of itself down to -5, φ likewise.
///
/// Both have the factor `e^(-x²/2)`; what is left of the tail is `t · polynomial(t)` with
/// `t = 1 / (1 + |x|/4)`, to 9·10⁻⁸ of itself: a fit at Chebyshev nodes of the form that Press et al.,
/// Numerical Recipes in C, 2nd edition, §6.2, give to the complementary error function.
#[inline(always)]
pub fn normal(x: f32) -> Normal {
    const ONE_BY_SQRT_TAU: f32 = 0.398_942_3;
    const PAIRS: [[f32; 2]; 5] = [
        [0.099_735_56, 0.099_737_4],
        [0.093_439_51, 0.081_889_63],
        [0.057_446_26, 0.068_274],
        [-0.039_746_863, 0.103_798_86],
        [-0.085_389_23, 0.020_814_888],
    ];
    let bell = exp(-0.5 * x * x);
    let t = 1.0 / (1.0 + 0.25 * x.abs());
    // In pairs, which do not wait for each other (Estrin's scheme).
    let t2 = t * t;
    let t4 = t2 * t2;
    let [a, b, c, d, e] = PAIRS.map(|[low, high]| high.mul_add(t, low));
    let polynomial = t4.mul_add(t4.mul_add(e, d.mul_add(t2, c)), b.mul_add(t2, a));
    let tail = bell * t * polynomial;
    Normal {
        distribution: if x < 0.0 { tail } else { 1.0 - tail },
        density: bell * ONE_BY_SQRT_TAU,
    }
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

    fn normal_distribution(x: f32) -> f32 {
        normal(x).distribution
    }

    fn normal_density(x: f32) -> f32 {
        normal(x).density
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
