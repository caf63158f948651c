//! What is known of a model's answers: a cell of the confusion matrix, the answer for an image.

use super::{Facts, percent};
use crate::stats::Accuracy;
use crate::text::grouped;
use crate::train::{ConfusionMatrix, Evaluation};

impl Facts {
    /// The images of class `truth` that were taken for `predicted`; both are classes of the matrix.
    pub fn of_cell(
        matrix: &ConfusionMatrix,
        (truth, predicted): (usize, usize),
        name: &dyn Fn(usize) -> String,
    ) -> Self {
        let mut facts = Self::default();
        let scores = matrix.class_scores();
        let (Some(scores), true) = (scores.get(truth), predicted < matrix.classes()) else {
            return facts;
        };
        let count = matrix.count(truth, predicted);
        facts.set("true_class", name(truth));
        facts.set("predicted_class", name(predicted));
        facts.set("cell_count", grouped(count));
        facts.set("class_images", grouped(scores.images));
        facts.set(
            "cell_share",
            percent(count as f64 / scores.images.max(1) as f64),
        );
        facts.set("back_count", grouped(matrix.count(predicted, truth)));
        facts.set("class_precision", format!("{:.3}", scores.precision));
        facts.set("class_recall", format!("{:.3}", scores.recall));
        facts.set("class_f1", format!("{:.3}", scores.f1));
        facts.add(Self::of_matrix(matrix, name));
        facts
    }

    /// The whole matrix: how many mistakes, and the pair of classes with most of them.
    pub fn of_matrix(matrix: &ConfusionMatrix, name: &dyn Fn(usize) -> String) -> Self {
        let mut facts = Self::default();
        let images = usize::try_from(matrix.total()).unwrap_or(usize::MAX);
        facts.set("model_accuracy", Accuracy::of(matrix.accuracy(), images));
        facts.set("model_images", grouped(matrix.total()));
        facts.set("mistakes", grouped(matrix.total() - matrix.correct()));
        if let Some(pair) = matrix.most_confused(1).first() {
            facts.set("worst_true", name(pair.truth));
            facts.set("worst_predicted", name(pair.predicted));
            facts.set("worst_count", grouped(pair.count));
        }
        facts
    }

    /// The answer for the image at a position of those that were evaluated, and how sure all answers are.
    pub fn of_answer(
        evaluation: &Evaluation,
        image: usize,
        truth: usize,
        name: &dyn Fn(usize) -> String,
    ) -> Self {
        let mut facts = Self::default();
        let classes = evaluation.confusion.classes().max(1);
        let Some(predicted) = evaluation.predictions.get(image) else {
            return facts;
        };
        let predicted = usize::from(*predicted);
        let row = evaluation.probabilities.chunks(classes).nth(image);
        let of = |class: usize| row.and_then(|row| row.get(class)).copied();
        facts.set("image", grouped(image as u64));
        facts.set("answer", name(predicted));
        facts.set("truth", name(truth));
        if let (Some(sure), Some(of_truth)) = (of(predicted), of(truth)) {
            facts.set("answer_probability", percent(f64::from(sure)));
            facts.set("truth_probability", percent(f64::from(of_truth)));
            // A probability of 0 would be an infinite loss.
            let loss = -f64::from(of_truth).max(1e-30).ln();
            facts.set("image_loss", format!("{loss:.2}"));
        }
        facts.add(Self::of_certainty(evaluation));
        facts
    }

    /// How sure the answers are on average, and how often they are right.
    pub fn of_certainty(evaluation: &Evaluation) -> Self {
        let mut facts = Self::default();
        let classes = evaluation.confusion.classes().max(1);
        let sure: Vec<f64> = evaluation
            .probabilities
            .chunks(classes)
            .map(|row| f64::from(row.iter().copied().fold(0.0, f32::max)))
            .collect();
        if sure.is_empty() {
            return facts;
        }
        let mean = sure.iter().sum::<f64>() / sure.len() as f64;
        facts.set("mean_certainty", percent(mean));
        facts.set("right_share", percent(evaluation.accuracy));
        facts
    }
}
