//! What a model says of images.

use crate::data::{self, Normalization, Split};
use crate::nn::{Model, NnError, argmax, softmax};

/// What a model says of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The class that it is taken for; of equal scores the first.
    pub class: usize,
    /// The probability of every class.
    pub probabilities: Vec<f32>,
}

/// What `model` says of each of `images`, whose labels do not matter.
///
/// # Errors
/// When the images are not of the network's size.
pub fn predict(
    model: &Model,
    images: &Split,
    normalization: Normalization,
) -> Result<Vec<Prediction>, NnError> {
    let all: Vec<u32> = (0..images.len() as u32).collect();
    // Normalised like all other images.
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    data::fill(images, &all, normalization, &mut pixels, &mut labels);
    let logits = model.logits(&pixels)?;
    let classes = model.classes();
    let rows = logits.chunks_exact(classes.max(1));
    Ok(rows
        .map(|scores| Prediction {
            class: argmax(scores),
            probabilities: softmax(scores, classes),
        })
        .collect())
}
