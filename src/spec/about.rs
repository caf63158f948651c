//! What a field is, in a few words, for the form in which it is edited.

use super::Optimizer;
use crate::augment;

use super::Layer;

/// What `field` inside `owner` (a layer kind, an optimiser …, or "" for the spec itself) does, where
/// its name alone does not say it.
pub fn about(owner: &str, field: &str) -> Option<&'static str> {
    if let Some(text) = Layer::about(owner, field) {
        return Some(text);
    }
    Some(match (owner, field) {
        ("augmentation", _) => return augment::about(field),
        ("", "gradient_clip") => "longest gradient; 0: any",
        ("", "ema_decay") => "average of weights; 0: none",
        ("early_stopping", "patience") => "epochs; 0 never ends",
        ("early_stopping", "min_gain") => "of accuracy, to count",
        ("early_stopping", "restore_best") => "leave the best model",
        ("validation", "hold_out") => "0: the test set",
        ("Given", "mean" | "std") => "of pixels from 0 to 1",
        (_, "gain") => "factor of all weights",
        ("ReduceOnPlateau", "patience") => "epochs before a drop",
        ("", "exclude") => "a file: images to leave out",
        ("", "frozen_layers") => "from the first on; they do not learn",
        ("", "warmup_epochs") => "the rate rises from 0",
        (_, "label_smoothing") => "share given to all classes",
        _ => return Optimizer::about(owner, field),
    })
}
