//! AdaGrad (Duchi, Hazan & Singer 2011, <https://jmlr.org/papers/v12/duchi11a.html>).

use super::hyperparameters::{common_limit, weight_decay_words};
use super::python::PythonOptimizer;
use super::rule::{Part, Rule, Step};
use crate::simd::{Arch, on_vectors};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// `g += weight_decay · w; s += g²; w -= lr · g / (√s + eps)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdaGrad {
    /// Added to the root of the summed squares.
    pub eps: f64,
    /// L2 penalty added to the gradient.
    pub weight_decay: f64,
}

impl Default for AdaGrad {
    fn default() -> Self {
        Self {
            eps: 1e-10,
            weight_decay: 0.0,
        }
    }
}

impl Rule for AdaGrad {
    fn name(&self) -> &'static str {
        "AdaGrad"
    }

    fn details(&self) -> String {
        let decay = weight_decay_words(self.weight_decay);
        format!("eps {:e}{decay}", self.eps)
    }

    fn usual_learning_rates(&self) -> RangeInclusive<f64> {
        1e-3..=0.1
    }

    fn limit(&self, field: &str) -> Option<Limit> {
        common_limit(field)
    }

    fn python(&self) -> PythonOptimizer {
        let Self { eps, weight_decay } = self;
        PythonOptimizer::known(
            format!(
                "torch.optim.Adagrad(parameters, lr, eps={eps:?}, weight_decay={weight_decay:?})"
            ),
            format!("with_l2(keras.optimizers.Adagrad, {weight_decay:?})(lr, 0.0, {eps:?})"),
        )
    }

    /// The sum of squared gradients.
    fn state_len(&self) -> usize {
        1
    }

    fn update(&self, step: Step, part: Part<'_>) {
        let (lr, eps) = (step.learning_rate as f32, self.eps as f32);
        let (decays, weight_decay) = (self.weight_decay > 0.0, self.weight_decay as f32);
        let Part {
            values,
            gradient,
            state: [squares, _],
        } = part;
        on_vectors!(Arch::new(), {
            for ((value, square), g) in values.iter_mut().zip(squares).zip(gradient) {
                let g = if decays {
                    g + weight_decay * *value
                } else {
                    *g
                };
                *square += g * g;
                *value -= lr * g / (square.sqrt() + eps);
            }
        });
    }
}
