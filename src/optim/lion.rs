//! Lion (Chen et al. 2023, <https://arxiv.org/abs/2302.06675>): every value moves by the same amount,
//! in the direction of a sign.

use super::hyperparameters::{common_limit, weight_decay_words};
use super::python::PythonOptimizer;
use super::rule::{Part, Rule, Step};
use crate::simd::{Arch, on_vectors};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// `w -= lr · (sign(β₁·m + (1-β₁)·g) + weight_decay · w); m = β₂·m + (1-β₂)·g`, where the sign of 0
/// is 0.
///
/// Its steps are larger than Adam's: the paper's learning rates are 3 to 10 times smaller, its weight
/// decays as many times larger.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lion {
    /// Share of the mean of gradients in the direction of a step.
    pub beta1: f64,
    /// Decay of the mean of gradients.
    pub beta2: f64,
    /// Share of each weight, times the learning rate, that every step takes away.
    pub weight_decay: f64,
}

impl Default for Lion {
    fn default() -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.99,
            weight_decay: 0.0,
        }
    }
}

impl Rule for Lion {
    fn name(&self) -> &'static str {
        "Lion"
    }

    fn details(&self) -> String {
        let decay = weight_decay_words(self.weight_decay);
        format!("beta1 {}, beta2 {}{decay}", self.beta1, self.beta2)
    }

    fn usual_learning_rates(&self) -> RangeInclusive<f64> {
        1e-6..=3e-3
    }

    fn limit(&self, field: &str) -> Option<Limit> {
        common_limit(field)
    }

    fn python(&self) -> PythonOptimizer {
        let Self {
            beta1,
            beta2,
            weight_decay,
        } = self;
        PythonOptimizer {
            torch_definitions: include_str!("lion.py"),
            ..PythonOptimizer::known(
                format!("Lion(parameters, lr, ({beta1:?}, {beta2:?}), {weight_decay:?})"),
                format!(
                    "keras.optimizers.Lion(lr, {beta1:?}, {beta2:?}, weight_decay={weight_decay:?})"
                ),
            )
        }
    }

    /// The mean of gradients.
    fn state_len(&self) -> usize {
        1
    }

    fn update(&self, step: Step, part: Part<'_>) {
        let lr = step.learning_rate as f32;
        let (beta1, beta2) = (self.beta1 as f32, self.beta2 as f32);
        let kept = (1.0 - step.learning_rate * self.weight_decay) as f32;
        let Part {
            values,
            gradient,
            state: [means, _],
        } = part;
        on_vectors!(Arch::new(), {
            for ((value, mean), g) in values.iter_mut().zip(means).zip(gradient) {
                let direction = beta1 * *mean + (1.0 - beta1) * g;
                *value = kept * *value - lr * sign(direction);
                *mean = beta2 * *mean + (1.0 - beta2) * g;
            }
        });
    }
}

/// 1, -1, 0 for 0, and NaN for NaN: a diverged network must be noticed.
#[inline(always)]
fn sign(x: f32) -> f32 {
    let size = if x == 0.0 { 0.0 } else { 1.0 };
    if x.is_nan() { x } else { size * x.signum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_moves_by_the_learning_rate_or_not_at_all() {
        let mut values = [1.0; 5];
        let mut means = [0.0, 0.0, 0.0, 1.0, 0.0];
        let gradient = [5.0, -1e-20, 0.0, -8.0, f32::NAN];
        let lion = Lion::default();
        let step = Step {
            number: 1,
            learning_rate: 0.25,
        };
        lion.update(
            step,
            Part {
                values: &mut values,
                gradient: &gradient,
                state: [&mut means, &mut []],
            },
        );
        assert_eq!(values[..4], [0.75, 1.25, 1.0, 0.75]);
        assert!(values[4].is_nan());
        let expected = [0.05, -1e-22, 0.0, 0.91];
        for (mean, expected) in means.iter().zip(expected) {
            assert!((mean - expected).abs() < 1e-6, "{mean}, not {expected}");
        }
    }
}
