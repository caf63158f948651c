//! Why validation can lie above training: what learners ask first.

use crate::spec::{Layer, Spec};
use crate::train::EpochMetrics;

/// The reasons there are in this network, after the latest epoch; none where training lies above.
pub fn reasons_for_validation_above(spec: &Spec, last: &EpochMetrics) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    if last.validation_accuracy <= last.train_accuracy {
        return reasons;
    }
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
    reasons.push("training is counted while it still learns");
    reasons
}
