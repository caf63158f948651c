//! Stochastic gradient descent with momentum (Sutskever et al. 2013).

use super::hyperparameters::{common_limit, nesterov_words, weight_decay_words};
use super::python::PythonOptimizer;
use super::rule::{Part, Rule, Step};
use crate::simd::{Arch, on_vectors};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// `g += weight_decay · w; v = g + momentum · v; w -= lr · v`; with Nesterov's look ahead
/// `w -= lr · (g + momentum · v)`, without momentum `w -= lr · g`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sgd {
    /// Share of the last step that is repeated.
    pub momentum: f64,
    /// Look ahead along the momentum.
    pub nesterov: bool,
    /// L2 penalty added to the gradient.
    pub weight_decay: f64,
}

impl Rule for Sgd {
    fn name(&self) -> &'static str {
        "Sgd"
    }

    fn details(&self) -> String {
        format!(
            "momentum {}{}{}",
            self.momentum,
            nesterov_words(self.nesterov),
            weight_decay_words(self.weight_decay)
        )
    }

    fn usual_learning_rates(&self) -> RangeInclusive<f64> {
        1e-3..=1.0
    }

    fn limit(&self, field: &str) -> Option<Limit> {
        common_limit(field)
    }

    fn python(&self) -> PythonOptimizer {
        let Self {
            momentum,
            weight_decay,
            ..
        } = self;
        // PyTorch refuses to look ahead along no momentum.
        let nesterov = match self.nesterov && self.momentum > 0.0 {
            true => "True",
            false => "False",
        };
        PythonOptimizer::known(
            format!(
                "torch.optim.SGD(parameters, lr, momentum={momentum:?}, nesterov={nesterov}, weight_decay={weight_decay:?})"
            ),
            format!(
                "with_l2(keras.optimizers.SGD, {weight_decay:?})(lr, {momentum:?}, {nesterov})"
            ),
        )
    }

    /// The velocity.
    fn state_len(&self) -> usize {
        usize::from(self.momentum > 0.0)
    }

    fn update(&self, step: Step, part: Part<'_>) {
        let lr = step.learning_rate as f32;
        let (momentum, weight_decay) = (self.momentum as f32, self.weight_decay as f32);
        let (has_momentum, nesterov) = (self.momentum > 0.0, self.nesterov);
        let decays = self.weight_decay > 0.0;
        let Part {
            values,
            gradient,
            state: [velocities, _],
        } = part;
        on_vectors!(Arch::new(), {
            let decayed = |g: f32, value: f32| if decays { g + weight_decay * value } else { g };
            if !has_momentum {
                for (value, g) in values.iter_mut().zip(gradient) {
                    *value -= decayed(*g, *value) * lr;
                }
                return;
            }
            for ((value, velocity), g) in values.iter_mut().zip(velocities).zip(gradient) {
                let g = decayed(*g, *value);
                *velocity = g + momentum * *velocity;
                *value -= if nesterov {
                    (g + momentum * *velocity) * lr
                } else {
                    *velocity * lr
                };
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::assert_same_bits;
    use super::*;
    use dfdx::optim::{Momentum, SgdConfig, WeightDecay};

    #[test]
    fn the_bits_are_those_of_dfdx() {
        for (momentum, nesterov) in [(0.0, false), (0.0, true), (0.9, false), (0.9, true)] {
            for weight_decay in [0.0, 0.01] {
                let rule = Sgd {
                    momentum,
                    nesterov,
                    weight_decay,
                };
                assert_same_bits(&rule, |_, lr, tensor, [velocity, _], gradient| {
                    let config = SgdConfig {
                        lr,
                        momentum: match (momentum > 0.0, nesterov) {
                            (false, _) => None,
                            (true, false) => Some(Momentum::Classic(momentum)),
                            (true, true) => Some(Momentum::Nesterov(momentum)),
                        },
                        weight_decay: (weight_decay > 0.0).then_some(WeightDecay::L2(weight_decay)),
                    };
                    config.try_update(tensor, velocity, gradient).unwrap();
                });
            }
        }
    }
}
