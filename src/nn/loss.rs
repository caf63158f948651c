//! Softmax cross-entropy, computed by dfdx; softmax and argmax of logits.

use super::NnError;
use super::tensor::tensor_of;
use crate::spec::Loss;
use dfdx::prelude::*;
use rayon::prelude::*;

/// Rows of logits that a thread works on at a time: fewer are not worth waking another for.
const ROWS_AT_ONCE: usize = 128;

/// The classes of the images of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Targets<'a> {
    /// `[batch]`: the class of each image.
    pub labels: &'a [u8],
    /// Where images are mixtures (MixUp): the classes of what is mixed in, `[batch]`, and the share
    /// of the images in `labels`, 0 to 1.
    pub mixed: Option<(&'a [u8], f32)>,
}

impl<'a, L: AsRef<[u8]> + ?Sized> From<&'a L> for Targets<'a> {
    fn from(labels: &'a L) -> Self {
        Self {
            labels: labels.as_ref(),
            mixed: None,
        }
    }
}

impl Targets<'_> {
    /// Every label, those of the images that are mixed in too.
    pub(super) fn all_labels(&self) -> impl Iterator<Item = u8> {
        let mixed = self.mixed.map_or(&[][..], |(labels, _)| labels);
        self.labels.iter().chain(mixed).copied()
    }

    /// The class that has the larger share of each image.
    pub(super) fn main_labels(&self) -> &[u8] {
        match self.mixed {
            Some((labels, share)) if share < 0.5 => labels,
            _ => self.labels,
        }
    }
}

/// Mean loss of the batch in nats, on the tape of `logits` `[batch, classes]`.
///
/// # Errors
/// When memory runs out.
pub fn loss<T: Tape<f32, Cpu>>(
    logits: Tensor<(usize, usize), f32, Cpu, T>,
    targets: Targets<'_>,
    kind: Loss,
) -> Result<Tensor<Rank0, f32, Cpu, T>, NnError> {
    let (batch, classes) = *logits.shape();
    let Loss::SoftmaxCrossEntropy { label_smoothing } = kind;
    let spread = label_smoothing as f32 / classes as f32;
    let certain = 1.0 - label_smoothing as f32;
    let mut wanted = vec![spread; batch * classes];
    let mut add = |labels: &[u8], weight: f32| {
        for (row, &label) in wanted.chunks_exact_mut(classes).zip(labels) {
            row[usize::from(label)] += weight;
        }
    };
    match targets.mixed {
        Some((partners, share)) => {
            add(targets.labels, certain * share);
            add(partners, certain * (1.0 - share));
        }
        None => add(targets.labels, certain),
    }
    let wanted = tensor_of(logits.device(), &wanted, (batch, classes))?;
    Ok(cross_entropy_with_logits_loss(logits, wanted))
}

/// Softmax of every row of `logits` `[batch, classes]`.
pub fn softmax(logits: &[f32], classes: usize) -> Vec<f32> {
    let mut probabilities = logits.to_vec();
    let at_once = ROWS_AT_ONCE * classes;
    if probabilities.len() <= at_once {
        probabilities
            .chunks_exact_mut(classes)
            .for_each(softmax_of_row);
    } else {
        let pieces = probabilities.par_chunks_mut(at_once);
        pieces.for_each(|rows| rows.chunks_exact_mut(classes).for_each(softmax_of_row));
    }
    probabilities
}

fn softmax_of_row(row: &mut [f32]) {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for value in row.iter_mut() {
        *value = (*value - largest).exp();
    }
    let sum: f32 = row.iter().sum();
    for value in row.iter_mut() {
        *value /= sum;
    }
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

    #[test]
    fn the_loss_of_a_mixture_is_the_mixture_of_the_losses() {
        let device = Cpu::default();
        let logits = [0.3_f32, -1.0, 2.0, 0.1, 0.2, -0.4];
        let of = |targets: Targets<'_>| {
            let logits = tensor_of(&device, &logits, (2, 3)).unwrap();
            let kind = Loss::SoftmaxCrossEntropy {
                label_smoothing: 0.1,
            };
            loss(logits, targets, kind).unwrap().array()
        };
        let (first, second) = (of(Targets::from(&[0, 2])), of(Targets::from(&[1, 2])));
        let mixed = of(Targets {
            labels: &[0, 2],
            mixed: Some((&[1, 2], 0.3)),
        });
        assert!((mixed - (0.3 * first + 0.7 * second)).abs() < 1e-6);
        assert!((first - second).abs() > 0.1);
    }
}
