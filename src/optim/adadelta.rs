//! AdaDelta (Zeiler 2012, <https://arxiv.org/abs/1212.5701>).

use super::hyperparameters::{common_limit, weight_decay_words};
use super::python::PythonOptimizer;
use super::rule::{Part, Rule, Step};
use crate::simd::{Arch, on_vectors};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// `g += weight_decay · w; s = ρ·s + (1-ρ)·g²; Δ = g·√(u + eps)/√(s + eps); u = ρ·u + (1-ρ)·Δ²;
/// w -= lr · Δ`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdaDelta {
    /// Decay of both running means.
    pub rho: f64,
    /// Added inside both roots.
    pub eps: f64,
    /// L2 penalty added to the gradient.
    pub weight_decay: f64,
}

impl Default for AdaDelta {
    fn default() -> Self {
        Self {
            rho: 0.9,
            eps: 1e-6,
            weight_decay: 0.0,
        }
    }
}

impl Rule for AdaDelta {
    fn name(&self) -> &'static str {
        "AdaDelta"
    }

    fn details(&self) -> String {
        format!("rho {}{}", self.rho, weight_decay_words(self.weight_decay))
    }

    fn usual_learning_rates(&self) -> RangeInclusive<f64> {
        0.01..=10.0
    }

    fn limit(&self, field: &str) -> Option<Limit> {
        common_limit(field)
    }

    fn python(&self) -> PythonOptimizer {
        let Self {
            rho,
            eps,
            weight_decay,
        } = self;
        PythonOptimizer::known(
            format!(
                "torch.optim.Adadelta(parameters, lr, rho={rho:?}, eps={eps:?}, weight_decay={weight_decay:?})"
            ),
            format!("with_l2(keras.optimizers.Adadelta, {weight_decay:?})(lr, {rho:?}, {eps:?})"),
        )
    }

    /// The means of squared gradients and of squared updates.
    fn state_len(&self) -> usize {
        2
    }

    fn update(&self, step: Step, part: Part<'_>) {
        let lr = step.learning_rate as f32;
        let (rho, eps) = (self.rho as f32, self.eps as f32);
        let (decays, weight_decay) = (self.weight_decay > 0.0, self.weight_decay as f32);
        let Part {
            values,
            gradient,
            state: [squares, updates],
        } = part;
        let state = squares.iter_mut().zip(updates);
        on_vectors!(Arch::new(), {
            for ((value, (square, update)), g) in values.iter_mut().zip(state).zip(gradient) {
                let g = if decays {
                    g + weight_decay * *value
                } else {
                    *g
                };
                *square = rho * *square + (1.0 - rho) * g * g;
                let delta = g * (*update + eps).sqrt() / (*square + eps).sqrt();
                *update = rho * *update + (1.0 - rho) * delta * delta;
                *value -= lr * delta;
            }
        });
    }
}
