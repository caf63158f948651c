//! The learning rate range test (Smith 2017, <https://arxiv.org/abs/1506.01186>): train for a few
//! batches while the learning rate rises, and see where the loss falls fastest and where it breaks.

use super::precision::PrecisionChoice;
use super::prepared::Batch;
use super::train_state::TrainState;
use super::training_data::TrainingData;
use super::{TrainError, with_threads};
use crate::data::{self, Dataset};
use crate::spec::{CheckedSpec, Precision};
use serde::Serialize;

/// The test ends when the smoothed loss is more than this times its lowest value.
const MOST_RISE: f64 = 4.0;
/// The share of the range that is averaged, whatever the number of steps.
const MEMORY: f64 = 1.0 / 20.0;

/// What to try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LrFindOptions {
    /// The first learning rate.
    pub from: f64,
    /// The last one.
    pub to: f64,
    /// Optimiser steps between the two; the rate rises by the same factor at each.
    pub steps: usize,
    /// Threads for the arithmetic; by default as many as can run at once.
    pub threads: Option<usize>,
}

impl Default for LrFindOptions {
    /// 200 steps from 1e-6 to 1.
    fn default() -> Self {
        Self {
            from: 1e-6,
            to: 1.0,
            steps: 200,
            threads: None,
        }
    }
}

/// One optimiser step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LrStep {
    /// Its learning rate.
    pub learning_rate: f64,
    /// Mean loss of its batch before the step, in nats.
    pub loss: f64,
    /// The exponential moving average of the losses so far, corrected for its start at zero.
    pub smoothed_loss: f64,
}

/// Why the test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LrFindEnd {
    /// The last learning rate was reached.
    Reached,
    /// The smoothed loss was more than four times its lowest value.
    Rose,
    /// The loss was NaN or infinite.
    NotFinite,
    /// It was told to stop.
    Stopped,
}

/// Learning rates to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LrSuggestion {
    /// Where the smoothed loss falls fastest.
    pub steepest: f64,
    /// Where it is lowest: more than this breaks the training.
    pub minimum: f64,
    /// A tenth of that, a usual choice too.
    pub tenth_of_minimum: f64,
}

/// The result of the test.
#[derive(Clone, Debug, PartialEq)]
pub struct LrFindResult {
    /// The steps, up to the one that ended the test.
    pub steps: Vec<LrStep>,
    /// Why it ended.
    pub end: LrFindEnd,
    /// Learning rates to begin with; none where the loss never fell.
    pub suggestion: Option<LrSuggestion>,
    /// Threads used.
    pub threads: usize,
    /// The precision that was really used.
    pub precision: Precision,
    /// Why that is not the spec's, if it is not.
    pub notice: Option<String>,
}

/// Trains a new network of `spec` with a rising learning rate, on the batches of a run in the same
/// order (without the images it would hold out), for as many epochs as the steps take. The spec's own
/// learning rate, schedule and warm-up are ignored. `on_step` is called after every step, and says whether to go on.
///
/// # Errors
/// A spec that does not fit the data, too few images for a batch, a failure of the arithmetic.
pub fn lr_find(
    spec: &CheckedSpec,
    dataset: &Dataset,
    options: LrFindOptions,
    on_step: &mut (dyn FnMut(&LrStep) -> bool + Send),
) -> Result<LrFindResult, TrainError> {
    let data = TrainingData::prepare(spec, dataset, None)?;
    with_threads(options.threads, || test(spec, &data, options, on_step))?
}

fn test(
    spec: &CheckedSpec,
    data: &TrainingData<'_>,
    options: LrFindOptions,
    on_step: &mut dyn FnMut(&LrStep) -> bool,
) -> Result<LrFindResult, TrainError> {
    let mut state = TrainState::new(spec, PrecisionChoice::of(spec, None)?)?;
    let (dataset, batches) = (&*data.dataset, data.batches);
    let mut curve = Curve::new(options.steps);
    let mut order = Vec::new();
    let mut end = LrFindEnd::Reached;
    for step in 0..options.steps {
        let (epoch, batch) = (step / batches + 1, step % batches);
        if batch == 0 {
            order = data::shuffled_order(dataset.train.len(), spec.seed, epoch);
        }
        let at = |batch: usize, step: usize| {
            let first = batch * spec.batch_size;
            Batch {
                indices: &order[first..(first + spec.batch_size).min(order.len())],
                epoch,
                step: step as u64,
            }
        };
        let has_next = batch + 1 < batches && step + 1 < options.steps;
        let next = has_next.then(|| at(batch + 1, step + 1));
        let rate = rate(&options, step);
        let outcome = state.step(spec, dataset, at(batch, step), next, rate)?;
        match curve.add(rate, f64::from(outcome.loss)) {
            Ok(step) if on_step(&step) => {}
            Ok(_) => {
                end = LrFindEnd::Stopped;
                break;
            }
            Err(reason) => {
                end = reason;
                break;
            }
        }
    }
    Ok(LrFindResult {
        suggestion: suggest(&curve.steps, options.steps),
        steps: curve.steps,
        end,
        threads: rayon::current_num_threads(),
        precision: state.precision.used,
        notice: state.precision.notice,
    })
}

/// The learning rate of a step, from 0.
fn rate(options: &LrFindOptions, step: usize) -> f64 {
    let last = options.steps.saturating_sub(1).max(1);
    let share = step as f64 / last as f64;
    options.from * (options.to / options.from).powf(share)
}

/// The losses so far.
struct Curve {
    steps: Vec<LrStep>,
    /// Share of the average that stays at each step.
    decay: f64,
    average: f64,
    lowest: f64,
}

impl Curve {
    fn new(steps: usize) -> Self {
        Self {
            steps: Vec::with_capacity(steps),
            decay: 1.0 - 1.0 / (steps as f64 * MEMORY).max(2.0),
            average: 0.0,
            lowest: f64::INFINITY,
        }
    }

    /// Takes the loss of the next step, unless that ends the test.
    fn add(&mut self, learning_rate: f64, loss: f64) -> Result<LrStep, LrFindEnd> {
        if !loss.is_finite() {
            return Err(LrFindEnd::NotFinite);
        }
        self.average = self.decay * self.average + (1.0 - self.decay) * loss;
        let count = self.steps.len() as f64 + 1.0;
        // Corrects the average's start at zero (Kingma & Ba 2015).
        let smoothed_loss = self.average / (1.0 - self.decay.powf(count));
        if smoothed_loss > MOST_RISE * self.lowest {
            return Err(LrFindEnd::Rose);
        }
        self.lowest = self.lowest.min(smoothed_loss);
        let step = LrStep {
            learning_rate,
            loss,
            smoothed_loss,
        };
        self.steps.push(step);
        Ok(step)
    }
}

/// What the curve of a test of `planned` steps suggests: the steepest fall of the
/// smoothed loss before its minimum, as least squares over a few steps find it, against the logarithm
/// of the learning rate.
fn suggest(steps: &[LrStep], planned: usize) -> Option<LrSuggestion> {
    let half = (planned / 40).max(2);
    let by_loss = |a: &(usize, &LrStep), b: &(usize, &LrStep)| {
        a.1.smoothed_loss.total_cmp(&b.1.smoothed_loss)
    };
    let (lowest, minimum) = steps.iter().enumerate().min_by(by_loss)?;
    // Steps are equally far apart on the logarithmic axis, so their numbers serve as well. The first
    // few averages are of hardly more than one batch and jump about.
    let slope = |center: usize| -> f64 {
        let window = &steps[center - half..=center + half];
        let terms = window.iter().enumerate();
        terms
            .map(|(at, step)| (at as f64 - half as f64) * step.smoothed_loss)
            .sum()
    };
    let centers = 2 * half..lowest.saturating_sub(half).saturating_add(1);
    let steepest = centers
        .filter(|center| center + half < steps.len())
        .map(|center| (center, slope(center)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, slope)| *slope < 0.0)?;
    Some(LrSuggestion {
        steepest: steps[steepest.0].learning_rate,
        minimum: minimum.learning_rate,
        tenth_of_minimum: minimum.learning_rate / 10.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    const OPTIONS: LrFindOptions = LrFindOptions {
        from: 1e-6,
        to: 1.0,
        steps: 200,
        threads: Some(1),
    };

    /// The curve of a loss given over the exponent of the learning rate, as the test would see it.
    fn curve(loss: impl Fn(f64) -> f64) -> (Curve, Option<LrFindEnd>) {
        let mut curve = Curve::new(OPTIONS.steps);
        for step in 0..OPTIONS.steps {
            let rate = rate(&OPTIONS, step);
            if let Err(end) = curve.add(rate, loss(rate.log10())) {
                return (curve, Some(end));
            }
        }
        (curve, None)
    }

    /// A loss that falls from 2.3 around `fall`, and rises without bound from `rise` on.
    fn usual(fall: f64, rise: f64) -> impl Fn(f64) -> f64 {
        move |x| 0.4 + 1.9 / (1.0 + (4.0 * (x - fall)).exp()) + (6.0 * (x - rise)).exp()
    }

    #[test]
    fn the_rate_rises_by_the_same_factor_from_the_first_to_the_last() {
        let rates: Vec<f64> = (0..OPTIONS.steps)
            .map(|step| rate(&OPTIONS, step))
            .collect();
        assert_eq!(rates[0], 1e-6);
        assert!((rates[199] - 1.0).abs() < 1e-12);
        let factor = rates[1] / rates[0];
        for pair in rates.windows(2) {
            assert!((pair[1] / pair[0] / factor - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_average_is_corrected_for_its_start() {
        let (constant, end) = curve(|_| 1.5);
        assert_eq!(end, None);
        assert!(
            constant
                .steps
                .iter()
                .all(|step| (step.smoothed_loss - 1.5).abs() < 1e-12)
        );
        // 200 steps look back on 10: (0.1 * 2 + 0.9 * 0.1 * 1) / (1 - 0.9²)
        let mut two = Curve::new(200);
        two.add(0.1, 1.0).unwrap();
        let second = two.add(0.2, 2.0).unwrap();
        assert!((second.smoothed_loss - 0.29 / 0.19).abs() < 1e-12);
    }

    #[test]
    fn the_steepest_fall_and_a_tenth_of_the_minimum_are_found() {
        for (fall, rise) in [(-3.5, -0.5), (-4.0, -2.0), (-2.0, 0.2)] {
            let (curve, _) = curve(usual(fall, rise));
            let found = suggest(&curve.steps, OPTIONS.steps).unwrap();
            // Averaging looks back, so it sees things a third of a decade late.
            let late = found.steepest.log10() - fall;
            assert!((0.0..0.4).contains(&late), "{found:?} for {fall}");
            assert!(found.minimum > 3.0 * found.steepest, "{found:?}");
            assert!(found.minimum.log10() < rise + 0.2, "{found:?}");
            assert_eq!(found.tenth_of_minimum, found.minimum / 10.0);
        }
    }

    #[test]
    fn noise_hardly_moves_it() {
        let smooth = curve(usual(-3.0, -0.5)).0;
        let noisy = curve(|x| {
            // Any number that jumps about.
            let noise = ((x * 1e6).sin() * 43_758.545).fract();
            usual(-3.0, -0.5)(x) + 0.1 * noise
        });
        let place = |curve: &Curve| suggest(&curve.steps, 200).unwrap().steepest.log10();
        assert!((place(&smooth) - place(&noisy.0)).abs() < 0.35);
    }

    #[test]
    fn a_loss_that_rises_or_is_no_number_ends_the_test() {
        let (rose, end) = curve(usual(-4.0, -2.0));
        assert_eq!(end, Some(LrFindEnd::Rose));
        let last = rose.steps.last().unwrap();
        assert!(last.learning_rate < 0.1, "{last:?}");
        for bad in [f64::NAN, f64::INFINITY] {
            let (curve, end) = curve(|x| if x > -3.0 { bad } else { 2.0 });
            assert_eq!(end, Some(LrFindEnd::NotFinite));
            assert!(curve.steps.iter().all(|step| step.loss.is_finite()));
        }
    }

    #[test]
    fn a_loss_that_never_falls_suggests_nothing() {
        assert_eq!(suggest(&[], 200), None);
        let (rising, _) = curve(|x| 8.0 + x);
        assert_eq!(suggest(&rising.steps, 200), None);
        let (short, _) = curve(|x| if x > -5.95 { f64::NAN } else { 2.0 });
        assert_eq!(suggest(&short.steps, 200), None);
        assert_eq!(suggest(&curve(|_| 2.0).0.steps, 200), None);
    }

    #[test]
    fn the_same_spec_and_data_give_the_same_curve_on_any_number_of_threads() {
        let mut dataset = Dataset::sample().unwrap();
        // Fewer images than steps: it goes on with another epoch.
        dataset.limit_train(200);
        let spec = preset("tiny").unwrap();
        let run = |threads| {
            let options = LrFindOptions {
                steps: 30,
                threads: Some(threads),
                ..OPTIONS
            };
            let mut heard = 0;
            let result = lr_find(&spec, &dataset, options, &mut |_| {
                heard += 1;
                true
            })
            .unwrap();
            assert_eq!(heard, result.steps.len());
            (result.steps, result.end, result.suggestion)
        };
        let one = run(1);
        assert_eq!(one, run(1));
        assert_eq!(one, run(2));
        assert!(one.0.len() > 10);
    }

    #[test]
    fn images_that_a_run_holds_out_are_not_trained_on() {
        let mut dataset = Dataset::sample().unwrap();
        dataset.limit_train(200);
        let spec = preset("tiny").unwrap();
        let options = LrFindOptions {
            steps: 20,
            ..OPTIONS
        };
        let steps = |spec: &CheckedSpec, dataset: &Dataset| {
            let result = lr_find(spec, dataset, options, &mut |_| true);
            result.unwrap().steps
        };
        let without = spec
            .clone()
            .changed(|spec| spec.validation.hold_out = 0)
            .unwrap();
        let without = steps(&without, &dataset.with_hold_out(30));
        let spec = spec.changed(|spec| spec.validation.hold_out = 30).unwrap();
        assert_eq!(steps(&spec, &dataset), without);
    }

    #[test]
    fn too_few_images_are_refused() {
        let mut dataset = Dataset::sample().unwrap();
        dataset.limit_train(1);
        let spec = preset("tiny").unwrap();
        let error = lr_find(&spec, &dataset, OPTIONS, &mut |_| true).unwrap_err();
        assert!(error.to_string().contains("hold_out"), "{error}");
        let spec = spec.changed(|spec| spec.validation.hold_out = 0).unwrap();
        let error = lr_find(&spec, &dataset, OPTIONS, &mut |_| true).unwrap_err();
        assert!(error.to_string().contains("for a batch"), "{error}");
    }
}
