//! Muon (Jordan et al. 2024, <https://kellerjordan.github.io/posts/muon/>): the momentum of a weight
//! matrix `[out, in]`, made orthogonal, is the step. All directions that the gradients have in common
//! move alike then, the weak ones too.
//!
//! A convolution's weight is the matrix `[out_channels, in_channels · kernel_size²]`.

use super::adamw::AdamW;
use super::hyperparameters::{common_limit, nesterov_words, weight_decay_words};
use super::orthogonalizer::Orthogonalizer;
use super::pieces::for_each_piece;
use super::python::PythonOptimizer;
use super::rule::{MatrixRule, Part, Rule, Step};
use crate::simd::{Arch, on_vectors};
use crate::text::Limit;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// `m = momentum · m + (1-momentum) · g; w -= lr · weight_decay · w + lr · update_rms · √(longer side) ·
/// orthogonal(m)`; with Nesterov's look ahead `momentum · m + (1-momentum) · g` is made orthogonal.
///
/// The first weight, which is applied to the pixels, the last, which computes the scores, and all biases,
/// scales and shifts follow AdamW with its own defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Muon {
    /// Decay of the mean of gradients.
    pub momentum: f64,
    /// Look ahead along the momentum.
    pub nesterov: bool,
    /// Steps of the iteration that makes the mean of gradients orthogonal.
    pub ns_steps: usize,
    /// Root mean square of a step, in learning rates. 0.2 is about AdamW's, so that one learning rate
    /// suits both (Liu et al. 2025, <https://arxiv.org/abs/2502.16982>): PyTorch's `match_rms_adamw`.
    pub update_rms: f64,
    /// Share of each weight, times the learning rate, that every step takes away.
    pub weight_decay: f64,
}

impl Default for Muon {
    fn default() -> Self {
        Self {
            momentum: 0.95,
            nesterov: true,
            ns_steps: 5,
            update_rms: 0.2,
            weight_decay: 0.1,
        }
    }
}

impl Rule for Muon {
    fn name(&self) -> &'static str {
        "Muon"
    }

    fn details(&self) -> String {
        format!(
            "momentum {}{}, {} Newton-Schulz steps, update RMS {}{}",
            self.momentum,
            nesterov_words(self.nesterov),
            self.ns_steps,
            self.update_rms,
            weight_decay_words(self.weight_decay)
        )
    }

    fn usual_learning_rates(&self) -> RangeInclusive<f64> {
        1e-4..=0.1
    }

    fn limit(&self, field: &str) -> Option<Limit> {
        match field {
            "ns_steps" => Some(Limit::Whole(1, 20)),
            "update_rms" => Some(Limit::Real(1e-6, 100.0)),
            _ => common_limit(field),
        }
    }

    /// Keras's Muon makes no steps of convolutions orthogonal.
    fn python(&self) -> PythonOptimizer {
        let Self {
            momentum,
            ns_steps,
            update_rms,
            weight_decay,
            ..
        } = self;
        let nesterov = if self.nesterov { "True" } else { "False" };
        PythonOptimizer {
            torch_definitions: include_str!("muon.py"),
            torch: format!(
                "Muon(parameters, lr, {momentum:?}, {nesterov}, {ns_steps}, {update_rms:?}, {weight_decay:?})"
            ),
            keras: format!("keras.optimizers.AdamW(lr, {weight_decay:?})"),
            keras_differs: "AdamW takes the place of Muon, which Keras does not have for convolutions",
        }
    }

    /// The mean of gradients for hidden weights, AdamW's moments for the rest.
    fn state_len(&self) -> usize {
        2
    }

    fn update(&self, step: Step, part: Part<'_>) {
        let rest = AdamW {
            weight_decay: self.weight_decay,
            ..AdamW::default()
        };
        rest.update(step, part);
    }

    fn matrix_rule(&self, index: usize, shapes: &[&[usize]]) -> Option<Box<dyn MatrixRule>> {
        let is_weight = |shape: &&[usize]| shape.len() > 1;
        let first = shapes.iter().position(is_weight)?;
        let last = shapes.iter().rposition(is_weight)?;
        let is_hidden = first < index && index < last && is_weight(&shapes[index]);
        if !is_hidden {
            return None;
        }
        let (rows, columns) = (shapes[index][0], shapes[index][1..].iter().product());
        Some(Box::new(HiddenWeight {
            muon: *self,
            orthogonal: Orthogonalizer::new(rows, columns),
        }))
    }

    fn matrix_rule_bytes(&self, weights: &[(usize, usize)]) -> Vec<u64> {
        let is_hidden = |at: usize| 0 < at && at + 1 < weights.len();
        let bytes = |(at, (rows, columns)): (usize, &(usize, usize))| match is_hidden(at) {
            true => Orthogonalizer::bytes(*rows, *columns),
            false => 0,
        };
        weights.iter().enumerate().map(bytes).collect()
    }
}

/// One hidden weight and the buffers that its steps are computed in.
struct HiddenWeight {
    muon: Muon,
    orthogonal: Orthogonalizer,
}

impl MatrixRule for HiddenWeight {
    fn update(&mut self, step: Step, part: Part<'_>) {
        let Self { muon, orthogonal } = self;
        let Part {
            values,
            gradient,
            state: [means, _],
        } = part;
        let (momentum, nesterov) = (muon.momentum as f32, muon.nesterov);
        let mean = move |mean: f32, g: f32| momentum * mean + (1.0 - momentum) * g;
        for_each_piece(means, |first, means| {
            let gradient = &gradient[first..][..means.len()];
            on_vectors!(Arch::new(), {
                for (velocity, g) in means.iter_mut().zip(gradient) {
                    *velocity = mean(*velocity, *g);
                }
            });
        });
        orthogonal.load(means, gradient, move |velocity, g| match nesterov {
            true => mean(velocity, g),
            false => velocity,
        });
        orthogonal.iterate(muon.ns_steps);
        // An orthogonal matrix has a mean square of 1 / its longer side.
        let longer = orthogonal.longer_side() as f64;
        let size = (step.learning_rate * muon.update_rms * longer.sqrt()) as f32;
        let kept = (1.0 - step.learning_rate * muon.weight_decay) as f32;
        orthogonal.apply(values, move |value, step| kept * value - size * step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_between_the_first_and_the_last_are_made_orthogonal() {
        let shapes: [&[usize]; 6] = [&[4, 1, 3, 3], &[4], &[8, 4, 3, 3], &[8], &[10, 8], &[10]];
        let found: Vec<usize> = (0..shapes.len())
            .filter(|index| Muon::default().matrix_rule(*index, &shapes).is_some())
            .collect();
        assert_eq!(found, [2]);
        let bytes = Muon::default().matrix_rule_bytes(&[(4, 9), (8, 36), (10, 8)]);
        assert_eq!(bytes, [0, Orthogonalizer::bytes(8, 36), 0]);
        assert!(Muon::default().matrix_rule(0, &shapes[..2]).is_none());
    }
}
