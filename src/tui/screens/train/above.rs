//! Why validation can lie above training, in one sentence: what learners ask first.

use crate::spec::{Layer, Spec};
use crate::train::EpochMetrics;

/// The sentence for the latest epoch, in at most `width` characters; none where training lies above.
pub fn why_validation_is_above(
    spec: &Spec,
    last: Option<&EpochMetrics>,
    width: usize,
) -> Option<String> {
    let last = last?;
    if last.validation_accuracy <= last.train_accuracy {
        return None;
    }
    let mut reasons = Vec::new();
    let has = |wanted: fn(&Layer) -> bool| spec.layers.iter().any(wanted);
    if has(|layer| matches!(layer, Layer::Dropout { p } if *p > 0.0)) {
        reasons.push("dropout acts only in training");
    }
    if spec.augmentation.changes_anything() {
        reasons.push("training images are changed");
    }
    if has(|layer| matches!(layer, Layer::BatchNorm { .. })) {
        reasons.push("batch norm sees one batch at a time");
    }
    reasons.push("t is counted while it still learns");
    let sentence = |reasons: &[&str]| match reasons {
        [one] => format!("v above t: {one}"),
        [most @ .., last] => format!("v above t: {}, and {last}", most.join(", ")),
        [] => String::new(),
    };
    let longest = (1..=reasons.len()).rev();
    let sentences = longest.map(|count| sentence(&reasons[..count]));
    let mut fitting = sentences.filter(|text| text.len() <= width);
    fitting.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    fn epoch(train_accuracy: f64, validation_accuracy: f64) -> EpochMetrics {
        EpochMetrics {
            epoch: 1,
            train_loss: 0.5,
            train_accuracy,
            validation_loss: 0.4,
            validation_accuracy,
            learning_rate: 0.1,
            seconds: 1.0,
            images_per_second: 1.0,
            train_eval_loss: None,
            train_eval_accuracy: None,
        }
    }

    #[test]
    fn the_reasons_are_those_of_the_network() {
        let why = |name: &str, width| {
            let spec = preset(name).unwrap();
            why_validation_is_above(&spec, Some(&epoch(0.8, 0.9)), width)
        };
        assert_eq!(
            why("basic-cnn", 80).unwrap(),
            "v above t: t is counted while it still learns"
        );
        assert_eq!(
            why("bn-dropout", 78).unwrap(),
            "v above t: dropout acts only in training"
        );
        assert_eq!(
            why("bn-dropout", 90).unwrap(),
            "v above t: dropout acts only in training, and batch norm sees one batch at a time"
        );
        assert!(why("bn-dropout", 200).unwrap().ends_with("still learns"));
        assert_eq!(why("bn-dropout", 10), None);
        let spec = preset("tiny").unwrap();
        let below = why_validation_is_above(&spec, Some(&epoch(0.9, 0.8)), 80);
        assert_eq!(
            (below, why_validation_is_above(&spec, None, 80)),
            (None, None)
        );
    }
}
