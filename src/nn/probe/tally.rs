//! Many values, counted so finely that a histogram of any range can be made of them.

use super::statistics::{Activations, BINS};
use crate::simd::{Arch, on_vectors};

/// Bits of a value that are not looked at: sign, exponent and six bits of the mantissa are left.
const SHIFT: u32 = 17;
const BUCKETS: usize = 1 << (32 - SHIFT);
/// Buckets of one sign.
const HALF: usize = BUCKETS / 2;
/// The first bucket of values that are not finite.
const NOT_FINITE: usize = 0x7F80_0000 >> SHIFT;
/// Values that are added up side by side.
const LANES: usize = 16;

/// How many values there are of each size, with their sums.
#[derive(Clone)]
pub struct Tally {
    counts: Vec<u64>,
    moments: Moments,
}

/// Sums over finite values.
#[derive(Clone, Copy)]
struct Moments {
    sum: f64,
    squares: f64,
    min: f32,
    max: f32,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            counts: vec![0; BUCKETS],
            moments: Moments::NONE,
        }
    }
}

impl Tally {
    /// Bytes of a tally.
    pub const BYTES: u64 = (BUCKETS * size_of::<u64>()) as u64;

    /// Forgets all values.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.moments = Moments::NONE;
    }

    /// Adds values.
    pub fn add(&mut self, values: &[f32]) {
        for value in values {
            self.counts[(value.to_bits() >> SHIFT) as usize] += 1;
        }
        self.moments = self.moments.merge(Moments::of(values));
    }

    /// Adds the values of another tally.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.moments = self.moments.merge(other.moments);
    }

    /// The smallest and the largest value; none without finite ones.
    pub fn range(&self) -> Option<(f64, f64)> {
        let Moments { min, max, .. } = self.moments;
        (min <= max).then(|| (f64::from(min), f64::from(max)))
    }

    /// The values, with a histogram from `low` to `high`.
    pub fn activations(&self, (low, high): (f64, f64)) -> Activations {
        let mut bins = vec![0; BINS];
        let (mut count, mut not_finite) = (0, 0);
        for (bucket, &values) in self
            .counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            if bucket % HALF >= NOT_FINITE {
                not_finite += values;
                continue;
            }
            count += values;
            share_out(values, ends(bucket), (low, high), &mut bins);
        }
        let (min, max) = self.range().unwrap_or_default();
        let mean = self.moments.sum / count.max(1) as f64;
        let variance = self.moments.squares / count.max(1) as f64 - mean * mean;
        Activations {
            count,
            not_finite,
            min,
            max,
            mean,
            std: variance.max(0.0).sqrt(),
            bins,
        }
    }
}

/// The smallest and the largest value of a bucket.
fn ends(bucket: usize) -> (f64, f64) {
    let first = (bucket as u32) << SHIFT;
    let value = |bits: u32| f64::from(f32::from_bits(bits));
    let (near, far) = (value(first), value(first | ((1 << SHIFT) - 1)));
    match bucket % HALF {
        // Zero, and values too small to be told from it.
        0 => (0.0, 0.0),
        _ if bucket < HALF => (near, far),
        _ => (far, near),
    }
}

/// Adds `count` values between `from` and `to` to the bins from `low` to `high`, as if they lay evenly.
fn share_out(count: u64, (from, to): (f64, f64), (low, high): (f64, f64), bins: &mut [u64]) {
    let width = (high - low) / bins.len() as f64;
    let last = bins.len() - 1;
    let bin = |value: f64| match width > 0.0 {
        true => (((value - low) / width) as usize).min(last),
        false => last / 2,
    };
    let (from, to) = (from.max(low), to.min(high));
    let (first, end) = (bin(from), bin(to));
    let mut done = 0;
    for (at, bin) in bins.iter_mut().enumerate().take(end + 1).skip(first) {
        let border = low + width * (at + 1) as f64;
        let upto = match at == end {
            true => count,
            false => {
                (count as f64 * ((border - from) / (to - from)).clamp(0.0, 1.0)).round() as u64
            }
        };
        *bin += upto.saturating_sub(done);
        done = done.max(upto);
    }
}

impl Moments {
    const NONE: Self = Self {
        sum: 0.0,
        squares: 0.0,
        min: f32::INFINITY,
        max: f32::NEG_INFINITY,
    };

    /// Of the finite ones of `values`. The order of the sums does not depend on the machine.
    fn of(values: &[f32]) -> Self {
        on_vectors!(Arch::new(), {
            let mut lanes = [Self::NONE; LANES];
            let blocks = values.chunks_exact(LANES);
            let rest = blocks.remainder();
            let (mut sums, mut squares) = ([0.0_f64; LANES], [0.0_f64; LANES]);
            let (mut least, mut most) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
            for block in blocks {
                for lane in 0..LANES {
                    let value = block[lane];
                    let is_finite = value.abs() < f32::INFINITY;
                    let finite = f64::from(if is_finite { value } else { 0.0 });
                    sums[lane] += finite;
                    squares[lane] += finite * finite;
                    let low = if is_finite { value } else { f32::INFINITY };
                    let high = if is_finite { value } else { f32::NEG_INFINITY };
                    least[lane] = if low < least[lane] { low } else { least[lane] };
                    most[lane] = if high > most[lane] { high } else { most[lane] };
                }
            }
            for (lane, moments) in lanes.iter_mut().enumerate() {
                *moments = Self {
                    sum: sums[lane],
                    squares: squares[lane],
                    min: least[lane],
                    max: most[lane],
                };
            }
            let single = |value: f32| Self {
                sum: f64::from(value),
                squares: f64::from(value) * f64::from(value),
                min: value,
                max: value,
            };
            let rest = rest.iter().filter(|value| value.is_finite());
            let rest = rest.map(|value| single(*value));
            lanes.into_iter().chain(rest).fold(Self::NONE, Self::merge)
        })
    }

    fn merge(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::testing::random;

    fn tally(values: &[f32]) -> Tally {
        let mut tally = Tally::default();
        tally.add(values);
        tally
    }

    #[test]
    fn a_histogram_is_that_of_the_values_but_for_the_borders_of_bins() {
        let values = random(10_007, 1);
        let tally = tally(&values);
        let (low, high) = tally.range().unwrap();
        let found = tally.activations((low, high));
        let of = |value: &f32| f64::from(*value);
        let mean = values.iter().map(of).sum::<f64>() / 10_007.0;
        let squares = values.iter().map(|value| (of(value) - mean).powi(2));
        assert!((found.mean - mean).abs() < 1e-12);
        assert!((found.std - (squares.sum::<f64>() / 10_007.0).sqrt()).abs() < 1e-9);
        assert_eq!(found.bins.iter().sum::<u64>(), 10_007);
        let mut exact = vec![0_i64; BINS];
        for value in values.iter().map(of) {
            let bin = (value - low) / (high - low) * BINS as f64;
            exact[(bin as usize).min(BINS - 1)] += 1;
        }
        for (found, exact) in found.bins.iter().zip(exact) {
            assert!((*found as i64 - exact).abs() < 60, "{found} for {exact}");
        }
    }

    #[test]
    fn zeros_signs_and_what_is_no_number_are_kept_apart() {
        let values = [
            0.0,
            -0.0,
            -1.0,
            3.0,
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
        ];
        let found = tally(&values).activations((-1.0, 3.0));
        assert_eq!((found.count, found.not_finite), (4, 3));
        assert_eq!((found.min, found.max, found.mean), (-1.0, 3.0, 0.5));
        assert_eq!((found.bins[0], found.bins[12], found.bins[47]), (1, 2, 1));
        // All the same, and none at all.
        let same = tally(&[2.0; 5]).activations((2.0, 2.0));
        assert_eq!((same.std, same.bins[BINS / 2 - 1]), (0.0, 5));
        assert_eq!(tally(&[f32::NAN]).range(), None);
        assert_eq!(tally(&[]).activations((0.0, 0.0)).count, 0);
    }

    #[test]
    fn parts_are_the_whole() {
        let values = random(5000, 2);
        let mut parts = tally(&values[..1234]);
        parts.merge(&tally(&values[1234..]));
        let range = parts.range().unwrap();
        let (parts, whole) = (parts.activations(range), tally(&values).activations(range));
        assert_eq!(parts.bins, whole.bins);
        assert!((parts.mean - whole.mean).abs() < 1e-12);
    }
}
