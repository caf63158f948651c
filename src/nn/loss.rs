//! Softmax cross-entropy, by dfdx, and what is read off the logits beside it.

use super::NnError;
use super::parameter::tensor_of;
use crate::spec::Loss;
use dfdx::prelude::*;

/// Mean loss of the batch in nats, on the tape of `logits` `[batch, classes]`.
///
/// # Errors
/// When memory runs out.
pub fn loss<T: Tape<f32, Cpu>>(
    logits: Tensor<(usize, usize), f32, Cpu, T>,
    labels: &[u8],
    kind: Loss,
) -> Result<Tensor<Rank0, f32, Cpu, T>, NnError> {
    let (batch, classes) = *logits.shape();
    let Loss::SoftmaxCrossEntropy { label_smoothing } = kind;
    let spread = label_smoothing as f32 / classes as f32;
    let mut targets = vec![spread; batch * classes];
    for (row, &label) in targets.chunks_exact_mut(classes).zip(labels) {
        row[usize::from(label)] += 1.0 - label_smoothing as f32;
    }
    let targets = tensor_of(logits.device(), &targets, (batch, classes))?;
    Ok(cross_entropy_with_logits_loss(logits, targets))
}

/// Softmax of every row of `logits` `[batch, classes]`.
pub fn softmax(logits: &[f32], classes: usize) -> Vec<f32> {
    let mut probabilities = logits.to_vec();
    for row in probabilities.chunks_exact_mut(classes) {
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for value in row.iter_mut() {
            *value = (*value - largest).exp();
        }
        let sum: f32 = row.iter().sum();
        for value in row.iter_mut() {
            *value /= sum;
        }
    }
    probabilities
}

/// Position of the largest value; the first of equals, as PyTorch's `argmax` on the CPU.
pub fn argmax(row: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = index;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_of_large_logits_does_not_overflow() {
        let probabilities = softmax(&[1000.0, 1000.0, -1000.0, 0.0, 0.0, 0.0], 3);
        assert_eq!(probabilities[..3], [0.5, 0.5, 0.0]);
        assert!((probabilities[3..].iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_first_of_equal_logits_wins() {
        assert_eq!(argmax(&[0.0, 2.0, 2.0, 1.0]), 1);
    }
}
