//! Random numbers that depend on their purpose, not on what was drawn before: SplitMix64 (Steele, Lea
//! & Flood, "Fast Splittable Pseudorandom Number Generators", 2014), a counter put through a mixing
//! function.
//!
//! Every use has a stream of its own, named by whole numbers (seed, epoch, step, layer, image). So
//! nothing depends on the number of threads, and any step can be repeated alone. Implemented here
//! rather than taken from a crate because shuffles, dropout and the sample set must never change, on
//! any platform.

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of random bits.
#[derive(Clone, Debug)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// The stream of the reference implementation.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own for each `(seed, index)`; stream `index` needs no numbers of the streams
    /// before it.
    pub fn stream(seed: u64, index: u64) -> Self {
        let start = Self::new(seed).next_u64();
        let step = Self::new(!index).next_u64();
        Self::new(start ^ step.rotate_left(32))
    }

    /// A stream of its own for each key; the order of its parts matters.
    pub fn keyed(key: &[u64]) -> Self {
        let start = key.iter().fold(GOLDEN_GAMMA, |state, part| {
            mix(state ^ mix(part.wrapping_add(GOLDEN_GAMMA)))
        });
        Self::new(start)
    }

    /// The next 64 bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        mix(self.state)
    }

    /// A whole number in `0..bound` (0 if `bound` is 0).
    pub fn below(&mut self, bound: usize) -> usize {
        // The high half of the 128-bit product: Lemire's method, whose bias is
        // below 2⁻⁴⁰ for any count of images we accept.
        ((u128::from(self.next_u64()) * bound as u128) >> 64) as usize
    }

    /// A number in `0.0..1.0`, in steps of 2⁻²⁴.
    pub fn unit(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / 16_777_216.0
    }

    /// A number in `low..high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Fisher–Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[inline]
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_different_keys_differ_and_repeat() {
        let draw = |key: &[u64]| SplitMix64::keyed(key).next_u64();
        assert_eq!(draw(&[7, 0, 1]), draw(&[7, 0, 1]));
        assert_ne!(draw(&[7, 0, 1]), draw(&[7, 0, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        assert_ne!(draw(&[0]), draw(&[0, 0]));
    }

    #[test]
    fn bits_are_balanced() {
        let mut stream = SplitMix64::keyed(&[3]);
        let ones: u32 = (0..10_000).map(|_| stream.next_u64().count_ones()).sum();
        assert!((f64::from(ones) / 640_000.0 - 0.5).abs() < 0.005);
    }

    #[test]
    fn gives_the_published_stream() {
        // The reference C program, seeded with 1234567.
        let mut random = SplitMix64::new(1_234_567);
        assert_eq!(random.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_in_their_ranges() {
        let mut random = SplitMix64::new(7);
        for _ in 0..1000 {
            assert!(random.below(3) < 3);
            assert!((2.0..5.0).contains(&random.range(2.0, 5.0)));
        }
        assert_eq!(random.below(0), 0);
    }
}
