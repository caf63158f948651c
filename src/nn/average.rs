//! A running average of a network's weights (Polyak & Juditsky 1992; exponential as in
//! <https://arxiv.org/abs/1703.01780>): steadier than the weights themselves, which change with every
//! batch.

use super::io::state::{TensorData, TensorState, TensorView};
use super::network::Network;
use crate::parallel::Metered;
use crate::simd::{Arch, on_vectors};
use rayon::prelude::*;

/// Values that a thread averages at a time: fewer are not worth waking another for.
const VALUES_AT_ONCE: usize = 1 << 14;

/// The average of everything that a network computes with: parameters and running statistics.
pub struct WeightAverage {
    decay: f64,
    /// Laid out as [`Network::state`].
    state: Vec<TensorState>,
}

impl WeightAverage {
    /// An average that starts at the network's values, or continues from a network that holds it.
    pub fn new(decay: f64, network: &Network) -> Self {
        Self {
            decay,
            state: network.state(),
        }
    }

    /// Lets this share of the average stay at each step from now on.
    pub fn set_decay(&mut self, decay: f64) {
        self.decay = decay;
    }

    /// The averages, as a network's state.
    pub fn state(&self) -> &[TensorState] {
        &self.state
    }

    /// Adds the network after optimiser step `step` (from 0). In the first steps the average follows
    /// faster; otherwise it would long keep a share of the random weights of the start.
    pub fn update(&mut self, network: &Network, step: u64) {
        let steps = step as f64;
        let decay = self.decay.min((1.0 + steps) / (10.0 + steps));
        let share = (1.0 - decay) as f32;
        let mut tensors = self.state.iter_mut();
        network.visit_state(&mut |data| {
            let Some(average) = tensors.next() else {
                return;
            };
            match (&mut average.data, data) {
                (TensorData::F32(average), TensorView::F32(values)) => {
                    follow(average, values, share);
                }
                (TensorData::I64(count), TensorView::Count(now)) => count.fill(now),
                _ => {}
            }
        });
    }
}

/// Moves every average towards its value by `share` of the way. Each depends on its own value alone: the
/// threads change no bit.
fn follow(average: &mut [f32], values: &[f32], share: f32) {
    let piece = |(average, values): (&mut [f32], &[f32])| {
        on_vectors!(Arch::new(), {
            for (average, value) in average.iter_mut().zip(values) {
                *average += share * (value - *average);
            }
        });
    };
    if average.len() <= VALUES_AT_ONCE {
        return piece((average, values));
    }
    let averages = average.par_chunks_mut(VALUES_AT_ONCE);
    averages
        .zip(values.par_chunks(VALUES_AT_ONCE))
        .for_each_metered(piece);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Model;
    use crate::spec::preset;

    /// Sets every value of a network to `value`.
    fn fill(model: &mut Model, value: f32) {
        let mut state = model.network().state();
        for tensor in &mut state {
            match &mut tensor.data {
                TensorData::F32(values) => values.fill(value),
                TensorData::I64(count) => count.fill(value as i64),
            }
        }
        model.load_state(&state).unwrap();
    }

    #[test]
    fn the_average_follows_fast_at_first_and_slowly_later() {
        let mut model = Model::new(&preset("tiny").unwrap()).unwrap();
        fill(&mut model, 0.0);
        let mut average = WeightAverage::new(0.9, model.network());
        fill(&mut model, 8.0);
        let first = |average: &WeightAverage| match &average.state()[0].data {
            TensorData::F32(values) => values[0],
            TensorData::I64(_) => f32::NAN,
        };
        // A decay of 1/10 in the first step, of 2/11 in the second.
        average.update(model.network(), 0);
        assert!((first(&average) - 7.2).abs() < 1e-5);
        average.update(model.network(), 1);
        assert!((first(&average) - (7.2 + 0.8 * 9.0 / 11.0)).abs() < 1e-5);
        // Later the decay itself, of everything alike; counts are not averaged.
        fill(&mut model, 0.0);
        let before = first(&average);
        average.update(model.network(), 1000);
        for tensor in average.state() {
            match &tensor.data {
                TensorData::F32(values) => {
                    assert!(
                        values
                            .iter()
                            .all(|value| (value - 0.9 * before).abs() < 1e-5)
                    );
                }
                TensorData::I64(count) => assert_eq!(count, &[0]),
            }
        }
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        use crate::simd::testing::{bits, random};
        let values = random(3 * VALUES_AT_ONCE + 5, 1);
        let followed = |threads: usize| {
            let mut average = random(values.len(), 2);
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().unwrap();
            pool.install(|| follow(&mut average, &values, 0.1));
            average
        };
        let mut plain = random(values.len(), 2);
        for (average, value) in plain.iter_mut().zip(&values) {
            *average += 0.1 * (value - *average);
        }
        assert_eq!(bits(&followed(1)), bits(&plain));
        assert_eq!(bits(&followed(3)), bits(&plain));
    }
}
