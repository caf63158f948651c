//! Gradient clipping by norm (Pascanu et al. 2013, <https://arxiv.org/abs/1211.5063>).

use crate::nn::NnError;
use crate::nn::parameter::{GradientStore, Parameter};

/// Scales the gradients of all parameters together so that their length is at most `max_norm`, as
/// PyTorch's `clip_grad_norm_`. Gradients that are no numbers are left as they are.
///
/// # Errors
/// When memory runs out.
pub fn clip_norm(
    parameters: &[Parameter],
    gradients: &mut GradientStore,
    max_norm: f64,
) -> Result<(), NnError> {
    let mut squares = 0.0;
    for parameter in parameters {
        squares += sum_of_squares(parameter.tensor.entry(gradients)?);
    }
    let factor = max_norm / (squares.sqrt() + 1e-6);
    if factor < 1.0 {
        for parameter in parameters {
            for gradient in parameter.tensor.entry(gradients)?.iter_mut() {
                *gradient *= factor as f32;
            }
        }
    }
    Ok(())
}

/// In f64, and in eight sums side by side: one after the other would wait for each addition.
fn sum_of_squares(values: &[f32]) -> f64 {
    let mut sums = [0.0; 8];
    let chunks = values.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += f64::from(*value) * f64::from(*value);
        }
    }
    let rest: f64 = rest.iter().map(|value| f64::from(value * value)).sum();
    sums.iter().sum::<f64>() + rest
}
