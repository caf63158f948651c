//! Where a model looks: what becomes of an answer when a part of the image is covered (Zeiler and Fergus 2014,
//! <https://arxiv.org/abs/1311.2901>).

use crate::data::{Normalization, Split};
use crate::nn::Model;
use crate::train::{TrainError, evaluate};

/// A square of this part of the image's shorter side is covered.
const PART: usize = 6;

/// What covering a part of an image does to the probability of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Occlusion {
    /// The class: the one that the whole image is taken for, unless another was asked for.
    pub class: usize,
    /// Its probability for the whole image.
    pub probability: f32,
    /// Pixels of the side of the square that is covered.
    pub side: usize,
    /// Rows and columns of pixels.
    pub size: (usize, usize),
    /// `[height, width]`: how much the probability changes, in the mean over all squares that cover the pixel.
    /// Negative where the model needs the pixel, positive where it speaks for other classes.
    pub change: Vec<f32>,
}

impl Occlusion {
    /// Covers image `image` of `split` with a grey square, of the mean of its pixels, at every place, and runs all
    /// these images through `model`.
    ///
    /// # Errors
    /// A failure of the arithmetic, or a label that the model has no score for.
    ///
    /// # Panics
    /// If there is no such image, or the class is not the model's.
    pub fn new(
        model: &Model,
        split: &Split,
        image: usize,
        normalization: Normalization,
        class: Option<usize>,
    ) -> Result<Self, TrainError> {
        let (width, height) = (split.width, split.height);
        let side = (width.min(height) / PART).max(1);
        let (across, down) = (width - side + 1, height - side + 1);
        let whole = split.image(image);
        let grey = whole.chunks_exact(width * height).map(|channel| {
            let sum: usize = channel.iter().copied().map(usize::from).sum();
            (sum / channel.len()) as u8
        });
        let grey: Vec<u8> = grey.collect();
        let mut images = whole.to_vec();
        for corner in 0..across * down {
            let (x, y) = (corner % across, corner / across);
            let start = images.len();
            images.extend_from_slice(whole);
            let channels = images[start..].chunks_exact_mut(width * height);
            for (channel, grey) in channels.zip(&grey) {
                for row in channel.chunks_exact_mut(width).skip(y).take(side) {
                    row[x..x + side].fill(*grey);
                }
            }
        }
        let covered = Split {
            images,
            labels: vec![0; across * down + 1],
            channels: split.channels,
            height,
            width,
        };
        let evaluation = evaluate(model, &covered, normalization)?;
        let class = class.unwrap_or_else(|| usize::from(evaluation.predictions[0]));
        let classes = model.classes();
        let of_class = evaluation.probabilities.iter().skip(class).step_by(classes);
        let mut of_class = of_class.copied();
        let probability = of_class.next().unwrap_or_default();
        let (mut change, mut squares) = (vec![0.0; width * height], vec![0_u32; width * height]);
        for (corner, covered) in of_class.enumerate() {
            let (x, y) = (corner % across, corner / across);
            for row in y..y + side {
                for at in row * width + x..row * width + x + side {
                    change[at] += covered - probability;
                    squares[at] += 1;
                }
            }
        }
        for (change, squares) in change.iter_mut().zip(squares) {
            *change /= squares as f32;
        }
        Ok(Self {
            class,
            probability,
            side,
            size: (height, width),
            change,
        })
    }

    /// The largest change, without its sign.
    pub fn largest(&self) -> f32 {
        self.change
            .iter()
            .fold(0.0, |most, change| most.max(change.abs()))
    }

    /// Row and column of the pixel that the model needs most, and the change there.
    pub fn most_needed(&self) -> ((usize, usize), f32) {
        let (mut at, mut least) = (0, f32::INFINITY);
        for (index, change) in self.change.iter().enumerate() {
            if *change < least {
                (at, least) = (index, *change);
            }
        }
        let width = self.size.1.max(1);
        ((at / width, at % width), least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::nn::{ModelInfo, TensorData};
    use crate::spec::Spec;

    /// Scores of class 1 that are the sum of the pixels of the upper left corner; those of the others are 0.
    fn sees_the_corner() -> Model {
        let spec = Spec::smallest().check().unwrap();
        let model = Model::new(&spec).unwrap();
        let info = ModelInfo {
            spec: spec.clone(),
            dataset: "sample".into(),
            class_names: Vec::new(),
            normalization: Dataset::sample().unwrap().normalization,
            metrics: serde_json::Value::Null,
        };
        let mut snapshot = model.snapshot(info);
        for tensor in &mut snapshot.state {
            let shape = tensor.shape.clone();
            let TensorData::F32(values) = &mut tensor.data else {
                continue;
            };
            values.fill(0.0);
            if shape.len() == 2 {
                for row in 0..6 {
                    values[784 + row * 28..][..6].fill(0.02);
                }
            }
        }
        snapshot.restore().unwrap()
    }

    #[test]
    fn covering_what_the_answer_depends_on_changes_it_and_nothing_else_does() {
        let model = sees_the_corner();
        let dataset = Dataset::sample().unwrap();
        let mut image = vec![0_u8; 784];
        for row in 0..6 {
            image[row * 28..][..6].fill(255);
        }
        let split = Split {
            images: image,
            labels: vec![1],
            channels: 1,
            height: 28,
            width: 28,
        };
        let occlusion = Occlusion::new(&model, &split, 0, dataset.normalization, None).unwrap();
        assert_eq!((occlusion.class, occlusion.side), (1, 4));
        let at = |row: usize, column: usize| occlusion.change[28 * row + column];
        assert!(at(2, 2) < -0.01, "{}", at(2, 2));
        // Squares that reach the corner from outside still cover a little of it; those further away nothing.
        assert!(at(20, 20).abs() < 1e-6 && at(2, 12).abs() < 1e-6);
        let ((row, column), least) = occlusion.most_needed();
        assert!(row < 6 && column < 6 && least == -occlusion.largest());
        // Of another class: it gains what the first loses.
        let other = Occlusion::new(&model, &split, 0, dataset.normalization, Some(3)).unwrap();
        assert!(other.change[28 * 2 + 2] > 0.0 && other.probability < occlusion.probability);
    }
}
