//! What becomes of the learning rate when a run is made longer.

use super::EpochMetrics;
use super::steps::learning_rate;
use crate::spec::Spec;
use crate::text::short_decimal;

/// How the learning rate goes on in a run that now has other `epochs` than `old`, in words.
pub fn lengthened_words(
    old: &Spec,
    new: &Spec,
    epochs: &[EpochMetrics],
    steps_per_epoch: usize,
) -> String {
    let done = epochs.len();
    let rate =
        |spec: &Spec, step: u64| short_decimal(learning_rate(spec, step, steps_per_epoch, epochs));
    let next = done as u64 * steps_per_epoch as u64;
    let last = new.epochs as u64 * steps_per_epoch as u64;
    let (before, after) = (rate(old, next.saturating_sub(1)), rate(new, next));
    let end = rate(new, last.saturating_sub(1));
    let words = new.schedule.in_words();
    let course = match before == after && after == end {
        true => format!("the learning rate stays at {after} ({words})"),
        false => format!(
            "the schedule ({words}) now spans {} epochs: the learning rate was {before}, goes on with \
             {after} and ends at {end}",
            new.epochs
        ),
    };
    match new.epochs.saturating_sub(done) {
        1 => format!("epoch {}: {course}", new.epochs),
        _ => format!("epochs {} to {}: {course}", done + 1, new.epochs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    #[test]
    fn the_words_on_a_longer_run_say_what_the_rate_does() {
        let old = preset("tiny").unwrap().into_spec();
        let longer = |old: &Spec| Spec {
            epochs: 2 * old.epochs,
            ..old.clone()
        };
        let mut cosine = old.clone();
        cosine.schedule = crate::spec::Schedule::Cosine { final_factor: 0.0 };
        let epochs = vec![EpochMetrics::default(); old.epochs];
        let words = lengthened_words(&cosine, &longer(&cosine), &epochs, 100);
        assert!(words.contains("now spans 20 epochs"), "{words}");
        let mut constant = old;
        constant.schedule = crate::spec::Schedule::Constant;
        let words = lengthened_words(&constant, &longer(&constant), &epochs, 100);
        assert!(words.contains("stays at"), "{words}");
    }
}
