//! First values of the weights.

use crate::spec::Initializer;
use rand::distr::Distribution;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Normal, Uniform};

/// `count` weights of a layer. Each layer draws from a stream of its own, so that changing one layer
/// leaves the others' first values alone.
pub fn weights(
    initializer: Initializer,
    count: usize,
    fan_in: usize,
    fan_out: usize,
    seed: u64,
    layer: usize,
) -> Vec<f32> {
    let (fan_in, fan_out) = (fan_in as f64, fan_out as f64);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(layer as u64);
    match initializer {
        Initializer::XavierUniform { gain } => {
            uniform(gain * (6.0 / (fan_in + fan_out)).sqrt(), count, &mut rng)
        }
        Initializer::XavierNormal { gain } => {
            normal(gain * (2.0 / (fan_in + fan_out)).sqrt(), count, &mut rng)
        }
        Initializer::HeUniform { gain } => uniform(gain * (6.0 / fan_in).sqrt(), count, &mut rng),
        Initializer::HeNormal { gain } => normal(gain * (2.0 / fan_in).sqrt(), count, &mut rng),
        Initializer::Normal { std } => normal(std, count, &mut rng),
    }
}

fn uniform(bound: f64, count: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let bound = bound as f32;
    Uniform::new_inclusive(-bound, bound).map_or_else(
        |_| vec![0.0; count],
        |distribution| distribution.sample_iter(rng).take(count).collect(),
    )
}

fn normal(std: f64, count: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    Normal::new(0.0, std as f32).map_or_else(
        |_| vec![0.0; count],
        |distribution| distribution.sample_iter(rng).take(count).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(initializer: Initializer) -> (f64, f64, f32) {
        let values = weights(initializer, 40_000, 50, 150, 1, 0);
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
        let variance = values
            .iter()
            .map(|&v| (f64::from(v) - mean).powi(2))
            .sum::<f64>()
            / values.len() as f64;
        let largest = values
            .iter()
            .fold(0.0_f32, |largest, v| largest.max(v.abs()));
        (mean, variance.sqrt(), largest)
    }

    #[test]
    fn each_kind_has_the_spread_its_paper_gives() {
        for (initializer, std) in [
            (Initializer::XavierUniform { gain: 1.0 }, 0.1),
            (Initializer::XavierUniform { gain: 0.5 }, 0.05),
            (Initializer::XavierNormal { gain: 2.0 }, 0.2),
            (Initializer::HeUniform { gain: 1.0 }, 0.2),
            (Initializer::HeNormal { gain: 0.5 }, 0.1),
            (Initializer::Normal { std: 0.01 }, 0.01),
        ] {
            let (mean, found, _) = spread(initializer);
            assert!(mean.abs() < 0.02 * std, "{initializer:?}: mean {mean}");
            assert!((found / std - 1.0).abs() < 0.02, "{initializer:?}: {found}");
        }
        let (_, _, largest) = spread(Initializer::default());
        assert!(largest <= 0.03_f32.sqrt());
    }

    #[test]
    fn layers_and_seeds_start_differently_and_repeat() {
        let start =
            |seed, layer| weights(Initializer::HeNormal { gain: 1.0 }, 4, 9, 9, seed, layer);
        assert_eq!(start(1, 0), start(1, 0));
        assert_ne!(start(1, 0), start(2, 0));
        assert_ne!(start(1, 0), start(1, 1));
    }
}
