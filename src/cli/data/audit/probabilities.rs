//! Out-of-fold probabilities as CSV.

use crate::data::Dataset;
use crate::insight::audit::{OutOfFold, Part};
use std::fmt::Write;

/// A row an image: its split, its number, its label, and the probability of each class. The numbers can be read back
/// to the last bit.
pub fn csv(predictions: &OutOfFold, dataset: &Dataset) -> String {
    let mut text = "split,image,label".to_owned();
    for class in 0..predictions.classes {
        // Writing to a string cannot fail.
        let _ = write!(text, ",p{class}");
    }
    text.push('\n');
    for part in Part::BOTH {
        let rows = predictions
            .of(part)
            .chunks_exact(predictions.classes.max(1));
        for (image, (row, label)) in rows.zip(&part.split(dataset).labels).enumerate() {
            let _ = write!(text, "{},{image},{label}", part.name());
            for probability in row {
                let _ = write!(text, ",{}", f64::from(*probability));
            }
            text.push('\n');
        }
    }
    text
}
