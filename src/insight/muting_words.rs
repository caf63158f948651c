//! What muting units does, in a sentence.

use super::muting::Muting;
use crate::stats::Accuracy;

/// `accuracy 91.20 ± 0.28, after 88.50 ± 0.32 %: -2.70 ± 0.19 points (p = 1.2e-7)`; p is McNemar's test's.
pub fn effect(muting: &Muting) -> String {
    let paired = &muting.paired;
    format!(
        "accuracy {}, after {} %: {:+.2} ± {:.2} points (p = {})",
        Accuracy::of(muting.before, paired.images).percent(),
        Accuracy::of(muting.after, paired.images).percent(),
        100.0 * paired.difference(),
        100.0 * paired.standard_error(),
        paired.p_words(),
    )
}
