//! What there is to say about a run so far, in one sentence: what its curves show, and what to try.

use super::above::reasons_for_validation_above;
use crate::spec::{Layer, Schedule, Spec};
use crate::stats::standard_error;
use crate::train::EpochMetrics;
use std::fmt;

/// Epochs over which a curve must hold on before it counts: less is chance.
const LASTING: usize = 3;
/// Epochs over which standing still is judged.
const STILL: usize = 5;
/// A loss that rises by this factor in one epoch has jumped.
const JUMP: f64 = 1.5;
/// A mean loss that is higher by this factor has risen.
const RISE: f64 = 1.03;
/// Training above validation by so much is a gap, where it is more than chance.
const GAP: f64 = 0.08;

/// A sentence: what the curves show, and what that means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What the curves show.
    pub finding: String,
    /// What it means and what to try, the most important first.
    pub advice: Vec<String>,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(self.advice.len()))
    }
}

impl Remark {
    fn new<const N: usize>(finding: impl Into<String>, advice: [&str; N]) -> Option<Self> {
        Some(Self {
            finding: finding.into(),
            advice: advice.map(str::to_owned).into(),
        })
    }

    fn sentence(&self, parts: usize) -> String {
        match &self.advice[..parts] {
            [] => self.finding.clone(),
            advice => format!("{}: {}", self.finding, advice.join("; ")),
        }
    }

    /// As much of it as fits into so many cells.
    pub fn within(&self, cells: usize) -> Option<String> {
        let sentences = (0..=self.advice.len()).rev();
        let mut sentences = sentences.map(|parts| self.sentence(parts));
        sentences.find(|text| crate::text::width(text) <= cells)
    }
}

/// What there is to say after these epochs of a run of `spec` on so many validation images (0: not known);
/// nothing most of the time. The same epochs always give the same words.
pub fn remark(spec: &Spec, epochs: &[EpochMetrics], validation_images: usize) -> Option<Remark> {
    let last = epochs.last()?;
    let finite =
        |epoch: &EpochMetrics| epoch.train_loss.is_finite() && epoch.validation_loss.is_finite();
    if !epochs.iter().all(finite) {
        return None;
    }
    jumped(epochs)
        .or_else(|| not_learning(spec, epochs))
        .or_else(|| by_heart(spec, epochs))
        .or_else(|| gap(spec, last, validation_images))
        .or_else(|| still(spec, epochs, validation_images))
        .or_else(|| slow(spec, epochs))
        .or_else(|| above(spec, last, validation_images))
}

/// The rate is too high: the training loss jumps.
fn jumped(epochs: &[EpochMetrics]) -> Option<Remark> {
    let (last, before) = epochs.split_last()?;
    let previous = before.last()?;
    if last.train_loss < JUMP * previous.train_loss || last.train_loss - previous.train_loss < 0.05
    {
        return None;
    }
    Remark::new(
        format!(
            "training loss jumped from {:.3} to {:.3} in epoch {}",
            previous.train_loss, last.train_loss, last.epoch
        ),
        [
            "the learning rate is too high",
            "try a third of it, or a gradient clip",
        ],
    )
}

/// No better than guessing after some epochs.
fn not_learning(spec: &Spec, epochs: &[EpochMetrics]) -> Option<Remark> {
    let classes = classes(spec)?;
    let last = epochs.last()?;
    if epochs.len() < LASTING || last.train_accuracy > 1.5 / classes as f64 || classes < 3 {
        return None;
    }
    Remark::new(
        format!("after {} epochs it still guesses", epochs.len()),
        [
            "the learning rate is far too high or too low",
            "lr-find finds one",
        ],
    )
}

/// Overfitting: validation gets worse while training gets better.
fn by_heart(spec: &Spec, epochs: &[EpochMetrics]) -> Option<Remark> {
    let lowest = |best: usize, epoch: usize| match epochs[epoch].validation_loss
        < epochs[best].validation_loss
    {
        true => epoch,
        false => best,
    };
    let at = (0..epochs.len()).reduce(lowest)?;
    let (best, last) = (&epochs[at], epochs.last()?);
    if epochs.len() - 1 - at < LASTING {
        return None;
    }
    // Means of three, so that neither a lucky epoch nor the lowest of many that jitter decides.
    let mean = |epochs: &[EpochMetrics]| {
        epochs
            .iter()
            .map(|epoch| epoch.validation_loss)
            .sum::<f64>()
            / epochs.len() as f64
    };
    let (around, recent) = (
        &epochs[at.saturating_sub(1)..=at + 1],
        &epochs[epochs.len() - LASTING..],
    );
    let rises = mean(recent) > RISE * mean(around);
    if !rises || loss_while_learning(last) >= loss_while_learning(best) {
        return None;
    }
    Remark::new(
        format!(
            "validation loss has risen since epoch {} while training falls",
            best.epoch
        ),
        ["the network learns images by heart", &against_it(spec)],
    )
}

/// Training far above validation.
fn gap(spec: &Spec, last: &EpochMetrics, validation_images: usize) -> Option<Remark> {
    let training = last.train_eval_accuracy?;
    let gap = training - last.validation_accuracy;
    let error = standard_error(last.validation_accuracy, validation_images);
    if last.epoch < LASTING || gap < GAP.max(4.0 * error) {
        return None;
    }
    Remark::new(
        format!("training is {:.0} points above validation", 100.0 * gap),
        ["it knows its images better than others", &against_it(spec)],
    )
}

/// Nothing moves any more.
fn still(spec: &Spec, epochs: &[EpochMetrics], validation_images: usize) -> Option<Remark> {
    let last = epochs.last()?;
    let start = epochs
        .len()
        .checked_sub(STILL)
        .filter(|start| *start >= LASTING)?;
    let (before, recent) = epochs.split_at(start);
    let accuracies = recent.iter().map(|epoch| epoch.validation_accuracy);
    let (low, high) = accuracies.fold((1.0_f64, 0.0_f64), |(low, high), accuracy| {
        (low.min(accuracy), high.max(accuracy))
    });
    let error = standard_error(last.validation_accuracy, validation_images);
    let lowest = |epochs: &[EpochMetrics], of: fn(&EpochMetrics) -> f64| {
        epochs.iter().map(of).fold(f64::INFINITY, f64::min)
    };
    let falls = |of| lowest(recent, of) < 0.97 * lowest(before, of);
    let (training_falls, validation_falls) = (
        falls(loss_while_learning),
        falls(|epoch| epoch.validation_loss),
    );
    if validation_images > 0 && high - low < error && !validation_falls {
        let then = match (training_falls, is_high(spec, last)) {
            (_, true) => "lower the learning rate, or stop here",
            (true, false) => "more epochs hardly help",
            (false, false) => "it has learnt what it can",
        };
        return Remark::new(
            format!("the last {STILL} epochs differ by less than their error (± {error:.4})"),
            ["no difference is certain", then],
        );
    }
    if training_falls || validation_falls || !is_high(spec, last) {
        return None;
    }
    Remark::new(
        format!("no loss has fallen for {STILL} epochs"),
        ["try a lower learning rate, a schedule, or a larger network"],
    )
}

/// The rate is too low: training loss hardly moves though it is high.
fn slow(spec: &Spec, epochs: &[EpochMetrics]) -> Option<Remark> {
    let last = epochs.last()?;
    let before = epochs
        .len()
        .checked_sub(LASTING)
        .and_then(|at| epochs.get(at))?;
    let fall = (before.train_loss - last.train_loss) / before.train_loss.max(f64::MIN_POSITIVE);
    let per_epoch = fall / (LASTING - 1) as f64;
    if last.train_accuracy > 0.75 || !(0.0..0.02).contains(&per_epoch) || !is_high(spec, last) {
        return None;
    }
    Remark::new(
        format!("training loss falls by {:.1} % an epoch", 100.0 * per_epoch),
        [
            "the learning rate may be too low",
            "try three times as much",
        ],
    )
}

/// Validation above training: not wrong, but learners ask.
fn above(spec: &Spec, last: &EpochMetrics, validation_images: usize) -> Option<Remark> {
    let error = standard_error(last.validation_accuracy, validation_images);
    if last.validation_accuracy - last.train_accuracy < error {
        return None;
    }
    let reasons = reasons_for_validation_above(spec, last);
    (!reasons.is_empty()).then(|| Remark {
        finding: "validation lies above training".into(),
        advice: reasons.into_iter().map(str::to_owned).collect(),
    })
}

/// The loss of training images as validation images are evaluated, where it is known.
fn loss_while_learning(epoch: &EpochMetrics) -> f64 {
    epoch.train_eval_loss.unwrap_or(epoch.train_loss)
}

/// Whether the schedule has left the rate where it began, more or less.
fn is_high(spec: &Spec, last: &EpochMetrics) -> bool {
    matches!(spec.schedule, Schedule::Constant) || last.learning_rate > 0.3 * spec.learning_rate
}

/// What keeps a network from learning by heart, as far as it is not in use.
fn against_it(spec: &Spec) -> String {
    let has_dropout = |layer: &Layer| matches!(layer, Layer::Dropout { p } if *p > 0.0);
    let mut remedies = Vec::new();
    remedies.push(match spec.layers.iter().any(has_dropout) {
        true => "more dropout",
        false => "dropout",
    });
    if !spec.augmentation.changes_anything() {
        remedies.push("augmentation");
    }
    remedies.push("fewer epochs");
    format!("try {}", remedies.join(", "))
}

fn classes(spec: &Spec) -> Option<usize> {
    spec.check().ok().map(|checked| checked.summary().classes)
}

#[cfg(test)]
mod tests;
