//! Adam with decoupled weight decay (Loshchilov & Hutter 2019, <https://arxiv.org/abs/1711.05101>).

use super::adam::{Adam, Moments};
use super::hyperparameters::{common_limit, weight_decay_words};
use super::python::PythonOptimizer;
use super::rule::{Part, Rule, Step};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Adam's step, and `w -= lr · weight_decay · w` with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdamW {
    /// Decay of the mean of gradients.
    pub beta1: f64,
    /// Decay of the mean of squared gradients.
    pub beta2: f64,
    /// Added to the root of the mean square.
    pub eps: f64,
    /// Share of each weight, times the learning rate, that every step takes away.
    pub weight_decay: f64,
}

impl Default for AdamW {
    fn default() -> Self {
        let Adam {
            beta1, beta2, eps, ..
        } = Adam::default();
        Self {
            beta1,
            beta2,
            eps,
            weight_decay: 1e-2,
        }
    }
}

impl Rule for AdamW {
    fn name(&self) -> &'static str {
        "AdamW"
    }

    fn details(&self) -> String {
        let decay = weight_decay_words(self.weight_decay);
        format!("beta1 {}, beta2 {}{decay}", self.beta1, self.beta2)
    }

    fn usual_learning_rates(&self) -> RangeInclusive<f64> {
        1e-5..=1e-2
    }

    fn limit(&self, field: &str) -> Option<Limit> {
        common_limit(field)
    }

    fn python(&self) -> PythonOptimizer {
        let Self {
            beta1,
            beta2,
            eps,
            weight_decay,
        } = self;
        PythonOptimizer::known(
            format!(
                "torch.optim.AdamW(parameters, lr, betas=({beta1:?}, {beta2:?}), eps={eps:?}, weight_decay={weight_decay:?})"
            ),
            format!("keras.optimizers.AdamW(lr, {weight_decay:?}, {beta1:?}, {beta2:?}, {eps:?})"),
        )
    }

    /// The first and the second moment.
    fn state_len(&self) -> usize {
        2
    }

    fn update(&self, step: Step, part: Part<'_>) {
        let moments = Moments {
            beta1: self.beta1,
            beta2: self.beta2,
            eps: self.eps,
        };
        moments.update(step, part, 0.0, Some(self.weight_decay));
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::assert_same_bits;
    use super::*;
    use dfdx::optim::{AdamConfig, WeightDecay};

    #[test]
    fn the_bits_are_those_of_dfdx() {
        for weight_decay in [0.0, 0.1] {
            let rule = AdamW {
                weight_decay,
                ..AdamW::default()
            };
            assert_same_bits(&rule, |t, lr, tensor, [first, second], gradient| {
                let config = AdamConfig {
                    lr,
                    betas: [rule.beta1, rule.beta2],
                    eps: rule.eps,
                    weight_decay: Some(WeightDecay::Decoupled(weight_decay)),
                };
                config
                    .try_update(t, tensor, first, second, gradient)
                    .unwrap();
            });
        }
    }
}
