//! Random numbers that depend on what they are for, not on who drew before.
//!
//! Every use has its own stream, named by a key of whole numbers (seed, step, layer, image). So the
//! numbers do not depend on the number of threads, and any step can be made again alone.

/// SplitMix64 (Steele, Lea & Flood 2014): a 64-bit counter behind a mixing function.
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Stream {
    /// The stream named by `key`.
    pub fn new(key: &[u64]) -> Self {
        let state = key.iter().fold(GOLDEN, |state, part| {
            mix(state ^ mix(part.wrapping_add(GOLDEN)))
        });
        Self { state }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }
}

#[inline]
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_different_keys_differ_and_repeat() {
        let first: Vec<u64> = (0..4)
            .map(|image| Stream::new(&[7, 0, image]).next_u64())
            .collect();
        let again: Vec<u64> = (0..4)
            .map(|image| Stream::new(&[7, 0, image]).next_u64())
            .collect();
        assert_eq!(first, again);
        let mut distinct = first.clone();
        distinct.dedup();
        assert_eq!(distinct.len(), 4);
        assert_ne!(
            Stream::new(&[1, 2]).next_u64(),
            Stream::new(&[2, 1]).next_u64()
        );
    }

    #[test]
    fn bits_are_balanced() {
        let mut stream = Stream::new(&[3]);
        let ones: u32 = (0..10_000).map(|_| stream.next_u64().count_ones()).sum();
        assert!((ones as f64 / 640_000.0 - 0.5).abs() < 0.005);
    }
}
