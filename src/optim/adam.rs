//! Adam (Kingma & Ba 2015, <https://arxiv.org/abs/1412.6980>).

use super::hyperparameters::{common_limit, weight_decay_words};
use super::python::PythonOptimizer;
use super::rule::{Part, Rule, Step};
use crate::simd::{Arch, on_vectors};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// In step t, `g += weight_decay · w; m = β₁·m + (1-β₁)·g; v = β₂·v + (1-β₂)·g²;
/// w -= lr · m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + eps)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adam {
    /// Decay of the mean of gradients.
    pub beta1: f64,
    /// Decay of the mean of squared gradients.
    pub beta2: f64,
    /// Added to the root of the mean square.
    pub eps: f64,
    /// L2 penalty added to the gradient.
    pub weight_decay: f64,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.0,
        }
    }
}

impl Rule for Adam {
    fn name(&self) -> &'static str {
        "Adam"
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
                "torch.optim.Adam(parameters, lr, betas=({beta1:?}, {beta2:?}), eps={eps:?}, weight_decay={weight_decay:?})"
            ),
            format!(
                "with_l2(keras.optimizers.Adam, {weight_decay:?})(lr, {beta1:?}, {beta2:?}, {eps:?})"
            ),
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
        moments.update(step, part, self.weight_decay, None);
    }
}

/// The moments of Adam and AdamW.
pub struct Moments {
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
}

impl Moments {
    /// Adam's step with an L2 penalty of `l2`; `decoupled`, times the learning rate, is the share of
    /// each value that is taken away.
    pub fn update(&self, step: Step, part: Part<'_>, l2: f64, decoupled: Option<f64>) {
        let lr = step.learning_rate as f32;
        let (beta1, beta2) = (self.beta1 as f32, self.beta2 as f32);
        let eps = self.eps as f32;
        let correction1 = (1.0 - beta1.powi(step.number)).recip();
        let correction2 = (1.0 - beta2.powi(step.number)).recip();
        let has_l2 = l2 > 0.0;
        let l2 = l2 as f32;
        let taken = decoupled.map(|share| (share * step.learning_rate) as f32);
        let Part {
            values,
            gradient,
            state: [first, second],
        } = part;
        let state = first.iter_mut().zip(second);
        on_vectors!(Arch::new(), {
            for ((value, (m, v)), g) in values.iter_mut().zip(state).zip(gradient) {
                let g = if has_l2 { g + l2 * *value } else { *g };
                *m = *m * beta1 + g * (1.0 - beta1);
                *v = *v * beta2 + g * g * (1.0 - beta2);
                let change = lr * (*m * correction1) / ((*v * correction2).sqrt() + eps);
                *value -= match taken {
                    Some(taken) => change + taken * *value,
                    None => change,
                };
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::assert_same_bits;
    use super::*;
    use dfdx::optim::{AdamConfig, WeightDecay};

    #[test]
    fn the_bits_are_those_of_dfdx() {
        for weight_decay in [0.0, 0.01] {
            let rule = Adam {
                weight_decay,
                ..Adam::default()
            };
            assert_same_bits(&rule, |t, lr, tensor, [first, second], gradient| {
                let config = AdamConfig {
                    lr,
                    betas: [rule.beta1, rule.beta2],
                    eps: rule.eps,
                    weight_decay: (weight_decay > 0.0).then_some(WeightDecay::L2(weight_decay)),
                };
                config
                    .try_update(t, tensor, first, second, gradient)
                    .unwrap();
            });
        }
    }
}
