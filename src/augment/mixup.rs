//! MixUp (Zhang et al. 2018, <https://arxiv.org/abs/1710.09412>): each image of a batch is trained on
//! as a mixture with another of the batch.

use super::STREAM;
use crate::random::SplitMix64;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Beta, Distribution};

/// How a batch is mixed with itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// `[batch]`: for each image the index in the batch of the image mixed into it.
    pub partners: Vec<u32>,
    /// Share of the image itself, 0 to 1; the rest is its partner's.
    pub share: f32,
}

/// The mixture of optimiser step `step` for a batch of `count` images, its share drawn from
/// Beta(α, α).
/// Nothing is mixed unless `alpha` is above 0.
pub fn mixture(count: usize, alpha: f64, seed: u64, step: u64) -> Mixture {
    let mut random = SplitMix64::keyed(&[STREAM, seed, step]);
    let mut partners: Vec<u32> = (0..count as u32).collect();
    random.shuffle(&mut partners);
    let share = Beta::new(alpha, alpha).map_or(1.0, |beta| {
        beta.sample(&mut ChaCha8Rng::seed_from_u64(random.next_u64())) as f32
    });
    Mixture { partners, share }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_always_gets_the_same_mixture_of_the_whole_batch() {
        let one = mixture(100, 0.2, 1, 7);
        assert_eq!(one, mixture(100, 0.2, 1, 7));
        assert_ne!(one, mixture(100, 0.2, 1, 8));
        let mut partners = one.partners;
        partners.sort_unstable();
        assert!(partners.into_iter().eq(0..100));
    }

    #[test]
    fn shares_have_the_mean_and_the_variance_of_beta() {
        for alpha in [0.1, 0.4, 1.0] {
            let count = 20_000;
            let shares = (0..count).map(|step| f64::from(mixture(1, alpha, 3, step).share));
            let (sum, squares) = shares.fold((0.0, 0.0), |(sum, squares), share| {
                assert!((0.0..=1.0).contains(&share));
                (sum + share, squares + share * share)
            });
            let mean = sum / count as f64;
            let variance = squares / count as f64 - mean * mean;
            let expected = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            assert!((mean - 0.5).abs() < 0.01, "mean {mean}");
            assert!(
                (variance - expected).abs() < 0.005,
                "{variance} for {expected}"
            );
        }
    }

    #[test]
    fn a_tiny_alpha_still_gives_a_share() {
        for step in 0..100 {
            let share = mixture(1, 1e-6, 3, step).share;
            assert!((0.0..=1.0).contains(&share), "{share}");
        }
    }
}
