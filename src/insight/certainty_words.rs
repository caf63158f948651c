//! What a calibration means, the same in the app and on the command line.

use super::calibration::Reliability;
use crate::stats::standard_error;

/// Confidence and accuracy compared, with what could be done: a sentence or two.
pub fn certainty(reliability: &Reliability) -> String {
    let Reliability {
        images,
        confidence,
        accuracy,
        ..
    } = *reliability;
    if images == 0 {
        return "No image was taken for this class.".into();
    }
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let off = confidence - accuracy;
    let sides = format!(
        "it says {} and is right in {}",
        percent(confidence),
        percent(accuracy)
    );
    // Twice the standard error: seldom by chance.
    if off.abs() <= 2.0 * standard_error(accuracy, images) {
        return format!("As sure as it is right, within chance: {sides}.");
    }
    match off > 0.0 {
        true => format!(
            "Surer than it is right: {sides}. Label smoothing, MixUp, dropout or fewer epochs make it more \
             modest."
        ),
        false => format!(
            "More modest than it need be: {sides}. Label smoothing and MixUp do that; more epochs, or less of \
             these, make it surer."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_within_chance_is_not_called_a_fault() {
        let reliability = |confidence, accuracy| Reliability {
            images: 10_000,
            confidence,
            accuracy,
            error: 0.0,
            bins: Vec::new(),
        };
        let words = |confidence, accuracy| certainty(&reliability(confidence, accuracy));
        assert!(words(0.934, 0.93).starts_with("As sure as it is right"));
        assert!(words(0.96, 0.93).starts_with("Surer than it is right: it says 96.0 %"));
        assert!(words(0.88, 0.93).starts_with("More modest"));
        let none = Reliability {
            images: 0,
            ..reliability(0.0, 0.0)
        };
        assert!(certainty(&none).starts_with("No image"));
    }
}
