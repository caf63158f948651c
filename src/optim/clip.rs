//! Gradient clipping by norm (Pascanu et al. 2013, <https://arxiv.org/abs/1211.5063>).

use crate::simd::buffer::Buffer;

/// Scales the gradients of all parameters together so that their Euclidean norm is at most `max_norm`,
/// as PyTorch's `clip_grad_norm_`. With a NaN among them they are left as they are.
pub fn clip_norm(gradients: &mut [Buffer], max_norm: f64) {
    let mut squares = 0.0;
    for gradient in &*gradients {
        squares += sum_of_squares(gradient);
    }
    let factor = max_norm / (squares.sqrt() + 1e-6);
    if factor < 1.0 {
        for value in gradients
            .iter_mut()
            .flat_map(|gradient| gradient.iter_mut())
        {
            *value *= factor as f32;
        }
    }
}

/// In f64, and in eight sums side by side: in a single sum every addition would wait for the last.
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
