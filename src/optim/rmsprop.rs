//! RMSprop (Tieleman & Hinton 2012, lecture 6.5 of Neural Networks for Machine Learning).

use super::hyperparameters::{common_limit, weight_decay_words};
use super::python::PythonOptimizer;
use super::rule::{Part, Rule, Step};
use crate::simd::{Arch, on_vectors};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// `g += weight_decay · w; s = α·s + (1-α)·g²; v = momentum·v + g/(√s + eps); w -= lr · v`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RmsProp {
    /// Decay of the mean of squared gradients.
    pub alpha: f64,
    /// Added to the root of the mean square.
    pub eps: f64,
    /// Share of the last step that is repeated.
    pub momentum: f64,
    /// L2 penalty added to the gradient.
    pub weight_decay: f64,
}

impl Default for RmsProp {
    fn default() -> Self {
        Self {
            alpha: 0.99,
            eps: 1e-8,
            momentum: 0.0,
            weight_decay: 0.0,
        }
    }
}

impl Rule for RmsProp {
    fn name(&self) -> &'static str {
        "RmsProp"
    }

    fn details(&self) -> String {
        let decay = weight_decay_words(self.weight_decay);
        format!("alpha {}, momentum {}{decay}", self.alpha, self.momentum)
    }

    fn usual_learning_rates(&self) -> RangeInclusive<f64> {
        1e-5..=1e-2
    }

    fn limit(&self, field: &str) -> Option<Limit> {
        common_limit(field)
    }

    fn python(&self) -> PythonOptimizer {
        let Self {
            alpha,
            eps,
            momentum,
            weight_decay,
        } = self;
        PythonOptimizer::known(
            format!(
                "torch.optim.RMSprop(parameters, lr, alpha={alpha:?}, eps={eps:?}, momentum={momentum:?}, weight_decay={weight_decay:?})"
            ),
            format!(
                "with_l2(keras.optimizers.RMSprop, {weight_decay:?})(lr, {alpha:?}, {momentum:?}, {eps:?})"
            ),
        )
    }

    /// The mean of squared gradients and, with momentum, the velocity.
    fn state_len(&self) -> usize {
        if self.momentum == 0.0 { 1 } else { 2 }
    }

    fn update(&self, step: Step, part: Part<'_>) {
        let (lr, eps) = (step.learning_rate as f32, self.eps as f32);
        let (alpha, momentum) = (self.alpha as f32, self.momentum as f32);
        let (decays, weight_decay) = (self.weight_decay > 0.0, self.weight_decay as f32);
        let has_momentum = self.momentum != 0.0;
        let Part {
            values,
            gradient,
            state: [squares, velocities],
        } = part;
        on_vectors!(Arch::new(), {
            let scaled = |g: &f32, value: f32, square: &mut f32| {
                let g = if decays { g + weight_decay * value } else { *g };
                *square = alpha * *square + (1.0 - alpha) * g * g;
                g / (square.sqrt() + eps)
            };
            if !has_momentum {
                for ((value, square), g) in values.iter_mut().zip(squares).zip(gradient) {
                    *value -= lr * scaled(g, *value, square);
                }
                return;
            }
            let state = squares.iter_mut().zip(velocities);
            for ((value, (square, velocity)), g) in values.iter_mut().zip(state).zip(gradient) {
                *velocity = momentum * *velocity + scaled(g, *value, square);
                *value -= lr * *velocity;
            }
        });
    }
}
