//! Evaluates a model on images it was not trained on.

use super::{ConfusionMatrix, TrainError};
use crate::data::{self, Normalization, Split};
use crate::nn::{Model, argmax, softmax};
use crate::parallel::awake;
use rayon::prelude::*;

/// Images per forward pass.
pub(super) const BATCH: usize = 500;
/// Images whose scores a thread judges at a time.
const IMAGES_PER_TASK: usize = 64;

/// The result for every image of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean cross-entropy in nats, without label smoothing; 0 without images.
    pub loss: f64,
    /// Share of the images predicted correctly; 0 without images.
    pub accuracy: f64,
    /// True class against predicted class.
    pub confusion: ConfusionMatrix,
    /// The predicted class of every image, in the split's order. Of equal largest scores the first
    /// class wins.
    pub predictions: Vec<u8>,
    /// Softmax of every image's scores, `[images, classes]`.
    pub probabilities: Vec<f32>,
}

/// Runs every image of `split` through `model` in evaluation mode.
///
/// # Errors
/// A label the model has no score for, or a failure of the arithmetic.
pub fn evaluate(
    model: &Model,
    split: &Split,
    normalization: Normalization,
) -> Result<Evaluation, TrainError> {
    let all: Vec<u32> = (0..split.len() as u32).collect();
    evaluate_some(model, split, &all, normalization)
}

/// The same for the images of `split` at `positions`, in their order.
///
/// # Errors
/// Those of [`evaluate`].
///
/// # Panics
/// If a position is not below `split.len()`.
pub fn evaluate_some(
    model: &Model,
    split: &Split,
    positions: &[u32],
    normalization: Normalization,
) -> Result<Evaluation, TrainError> {
    let mut pixels = Vec::new();
    evaluate_scores(model.classes(), split, positions, |batch, labels| {
        data::fill(split, batch, normalization, &mut pixels, labels);
        Ok(model.logits(&pixels)?)
    })
}

/// The same for all images and any `network`, which gives the scores `[batch, classes]` of normalised pixels
/// `[batch, channels, height, width]`.
///
/// # Errors
/// A label that there is no score for.
pub fn evaluate_network(
    classes: usize,
    network: impl Fn(&[f32]) -> Vec<f32>,
    split: &Split,
    normalization: Normalization,
) -> Result<Evaluation, TrainError> {
    let mut pixels = Vec::new();
    let all: Vec<u32> = (0..split.len() as u32).collect();
    evaluate_scores(classes, split, &all, |batch, labels| {
        data::fill(split, batch, normalization, &mut pixels, labels);
        Ok(network(&pixels))
    })
}

/// The same with each image seen twice, once mirrored left to right; the probabilities are averaged.
///
/// # Errors
/// Those of [`evaluate`].
pub fn evaluate_with_flips(
    model: &Model,
    split: &Split,
    normalization: Normalization,
) -> Result<Evaluation, TrainError> {
    let classes = model.classes();
    let mut pixels = Vec::new();
    let all: Vec<u32> = (0..split.len() as u32).collect();
    evaluate_scores(classes, split, &all, |batch, labels| {
        data::fill(split, batch, normalization, &mut pixels, labels);
        let mut probabilities = softmax(&model.logits(&pixels)?, classes);
        for row in pixels.chunks_exact_mut(split.width) {
            row.reverse();
        }
        let mirrored = softmax(&model.logits(&pixels)?, classes);
        for (probability, other) in probabilities.iter_mut().zip(mirrored) {
            // The softmax of these logarithms is the mean again; the logarithm of 0 would be infinite.
            *probability = ((*probability + other) / 2.0).max(f32::MIN_POSITIVE).ln();
        }
        Ok(probabilities)
    })
}

/// Evaluates the scores `[batch, classes]` that `scores` returns for each batch of `positions`; it also
/// fills in the labels.
fn evaluate_scores(
    classes: usize,
    split: &Split,
    positions: &[u32],
    mut scores: impl FnMut(&[u32], &mut Vec<u8>) -> Result<Vec<f32>, TrainError>,
) -> Result<Evaluation, TrainError> {
    if let Some(label) = split
        .labels
        .iter()
        .find(|label| usize::from(**label) >= classes)
    {
        return Err(TrainError::Label {
            label: *label,
            last: classes.saturating_sub(1),
        });
    }
    let mut confusion = ConfusionMatrix::new(classes);
    let mut predictions = Vec::with_capacity(positions.len());
    let mut probabilities = Vec::with_capacity(positions.len() * classes);
    let mut loss = 0.0;
    let mut labels = Vec::new();
    for batch in positions.chunks(BATCH) {
        let logits = awake(|| scores(batch, &mut labels))?;
        probabilities.extend(softmax(&logits, classes));
        let images = logits.par_chunks_exact(classes).zip(&labels);
        let judged = images.with_min_len(IMAGES_PER_TASK).map(|(scores, label)| {
            let label = usize::from(*label);
            (label, argmax(scores), cross_entropy(scores, label))
        });
        // Added up in the order of the images, whatever the number of threads.
        for (label, predicted, nats) in judged.collect::<Vec<_>>() {
            confusion.add(label, predicted);
            // Labels are bytes, so a network that fits the data has at most 256 scores.
            predictions.push(predicted.min(255) as u8);
            loss += nats;
        }
    }
    Ok(Evaluation {
        loss: loss / positions.len().max(1) as f64,
        accuracy: confusion.accuracy(),
        confusion,
        predictions,
        probabilities,
    })
}

/// `log Σ exp(scores) - scores[label]`, with the largest score subtracted so that `exp` stays finite.
fn cross_entropy(scores: &[f32], label: usize) -> f64 {
    let largest = f64::from(scores.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = scores
        .iter()
        .map(|score| (f64::from(*score) - largest).exp())
        .sum();
    sum.ln() - (f64::from(scores[label]) - largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cross_entropy_is_pytorchs() {
        // torch.nn.functional.cross_entropy(torch.tensor([[1., 2., 3.]]), torch.tensor([0]))
        assert!((cross_entropy(&[1.0, 2.0, 3.0], 0) - 2.407_605_964).abs() < 1e-8);
        // Even odds: ln 2, however large the scores.
        assert!((cross_entropy(&[3e38, 3e38], 1) - 2f64.ln()).abs() < 1e-9);
        assert!(cross_entropy(&[f32::NAN, 1.0], 1).is_nan());
    }

    #[test]
    fn with_flips_an_image_and_its_mirror_image_get_the_same_answer() {
        let mut dataset = crate::data::Dataset::sample().unwrap();
        dataset.train.truncate(40);
        let mut mirrored = dataset.train.clone();
        for row in mirrored.images.chunks_exact_mut(28) {
            row.reverse();
        }
        let model = Model::new(&crate::spec::preset("tiny").unwrap()).unwrap();
        let of = |split: &Split, evaluate: fn(&Model, &Split, _) -> _| -> Evaluation {
            let evaluation: Result<Evaluation, TrainError> =
                evaluate(&model, split, dataset.normalization);
            evaluation.unwrap()
        };
        let close = |one: &[f32], other: &[f32]| {
            let mut pairs = one.iter().zip(other);
            pairs.all(|(a, b)| (a - b).abs() < 1e-5)
        };
        let flips = of(&dataset.train, evaluate_with_flips);
        let (plain, mirror) = (of(&dataset.train, evaluate), of(&mirrored, evaluate));
        assert!(!close(&plain.probabilities, &mirror.probabilities));
        let both = plain.probabilities.iter().zip(&mirror.probabilities);
        let mean: Vec<f32> = both.map(|(a, b)| (a + b) / 2.0).collect();
        assert!(close(&flips.probabilities, &mean));
        let again = of(&mirrored, evaluate_with_flips);
        assert!(close(&flips.probabilities, &again.probabilities));
        assert_eq!(flips.predictions, again.predictions);
        // Minus the logarithm of what the true class gets.
        let loss: f64 = flips
            .probabilities
            .chunks_exact(10)
            .zip(&dataset.train.labels)
            .map(|(row, label)| -f64::from(row[usize::from(*label)]).ln())
            .sum();
        assert!((flips.loss - loss / 40.0).abs() < 1e-4);
    }
}
