//! The scores of the test images as text and as JSON, the same wherever runs end.

use crate::stats::{Accuracy, standard_error};
use crate::text::grouped;
use crate::train::{Scores, TestScores};
use serde::Serialize;

/// The line about them; `seen` says that the images had been looked at before.
pub fn test_line(test: &TestScores, seen: bool) -> String {
    let of = |scores: Scores| Accuracy::of(scores.accuracy, test.images);
    format!(
        "On the {} test images, looked at {}: accuracy {} (last epoch), {} (best, picked)",
        grouped(test.images as u64),
        if seen { "once more" } else { "once" },
        of(test.last),
        of(test.best),
    )
}

/// The scores, each accuracy with its standard error.
#[derive(Serialize)]
pub struct TestObject {
    images: usize,
    best: ScoresObject,
    last: ScoresObject,
}

#[derive(Serialize)]
struct ScoresObject {
    loss: f64,
    accuracy: f64,
    accuracy_error: f64,
}

impl TestObject {
    /// Of these scores.
    pub fn new(test: &TestScores) -> Self {
        let object = |scores: Scores| ScoresObject {
            loss: scores.loss,
            accuracy: scores.accuracy,
            accuracy_error: standard_error(scores.accuracy, test.images),
        };
        Self {
            images: test.images,
            best: object(test.best),
            last: object(test.last),
        }
    }
}
