//! Gradient clipping by norm (Pascanu et al. 2013, <https://arxiv.org/abs/1211.5063>).

use super::pieces::{for_each_piece, sum_of_squares};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};

/// Scales the gradients of all parameters together so that their Euclidean norm is at most `max_norm`,
/// as PyTorch's `clip_grad_norm_`. With a NaN among them they are left as they are.
pub fn clip_norm(gradients: &mut [Buffer], max_norm: f64) {
    let squares: f64 = gradients
        .iter()
        .map(|one| sum_of_squares(one, one, |value, _| value))
        .sum();
    let factor = max_norm / (squares.sqrt() + 1e-6);
    if factor < 1.0 {
        for gradient in gradients {
            scale(gradient, factor as f32);
        }
    }
}

fn scale(values: &mut [f32], factor: f32) {
    for_each_piece(values, |_, values| {
        on_vectors!(Arch::new(), {
            for value in values.iter_mut() {
                *value *= factor;
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::pieces::VALUES_AT_ONCE;
    use crate::simd::testing::{bits, random};

    fn gradients() -> Vec<Buffer> {
        [5, 3 * VALUES_AT_ONCE + 3]
            .map(|len| {
                let mut buffer = Buffer::zeros(len);
                buffer.copy_from_slice(&random(len, len as u64));
                buffer
            })
            .into()
    }

    fn clipped(max_norm: f64, threads: usize) -> Vec<f32> {
        let mut gradients = gradients();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| clip_norm(&mut gradients, max_norm));
        gradients.iter().flat_map(|one| one.to_vec()).collect()
    }

    #[test]
    fn long_gradients_come_down_to_the_norm_the_same_on_any_number_of_threads() {
        let one = clipped(2.0, 1);
        assert_eq!(bits(&one), bits(&clipped(2.0, 3)));
        let squares: f64 = one.iter().map(|value| f64::from(*value).powi(2)).sum();
        assert!((squares.sqrt() - 2.0).abs() < 1e-4, "{}", squares.sqrt());
    }

    #[test]
    fn gradients_within_the_norm_stay_as_they_are() {
        let before: Vec<f32> = gradients().iter().flat_map(|one| one.to_vec()).collect();
        assert_eq!(bits(&clipped(1e6, 3)), bits(&before));
    }
}
