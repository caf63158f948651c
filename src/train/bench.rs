//! How fast a network trains here.

use super::precision::PrecisionChoice;
use super::prepared::Batch;
use super::steps::learning_rate;
use super::train_state::TrainState;
use super::{TrainError, check_fits, evaluate, with_threads};
use crate::data::{self, Dataset};
use crate::nn::Model;
use crate::nn::profile::Profile;
use crate::spec::{CheckedSpec, Precision};
use serde::Serialize;
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub struct BenchOptions {
    /// Training images in the pass; fewer if the data has fewer, and whole batches only.
    pub images: usize,
    /// Images per optimiser step.
    pub batch: usize,
    /// Threads for the arithmetic; by default as many as can run at once.
    pub threads: Option<usize>,
    /// Whether to measure the evaluation of the validation images too.
    pub evaluation: bool,
    /// Whether to record where the time goes.
    pub profile: bool,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BenchResult {
    /// Training images per second.
    pub images_per_second: f64,
    /// Share of the images classified correctly, each as it was trained on.
    pub train_accuracy: f64,
    /// Validation images evaluated per second, where [`BenchOptions::evaluation`] is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluated_per_second: Option<f64>,
    /// Seconds the pass took.
    pub seconds: f64,
    /// The most memory the process has held, in MiB; `None` where the system does not say.
    pub peak_rss_mb: Option<f64>,
    /// Images in the pass.
    pub images: usize,
    /// Images per optimiser step.
    pub batch: usize,
    /// Threads used.
    pub threads: usize,
    /// The precision that was really used.
    pub precision: Precision,
    /// Why that is not the spec's, if it is not.
    #[serde(skip)]
    pub notice: Option<String>,
    /// Where the time went, where [`BenchOptions::profile`] is set.
    #[serde(skip)]
    pub profile: Option<Profile>,
}

/// Trains a new network for one pass over the first images of the training split, in shuffled
/// order, after one step with a throw-away network that warms up caches and the allocator. A CPU
/// without bf16 instructions trains in f32, and the result says so.
///
/// # Errors
/// A spec that does not fit the data, fewer images than a batch, a failure of the arithmetic.
pub fn bench(
    spec: &CheckedSpec,
    dataset: &Dataset,
    options: BenchOptions,
) -> Result<BenchResult, TrainError> {
    check_fits(spec, dataset)?;
    let available = options.images.min(dataset.train.len());
    let steps = available.checked_div(options.batch).unwrap_or(0);
    if steps == 0 {
        return Err(TrainError::TooFewImages {
            images: available,
            purpose: format!("one batch of {}", options.batch),
        });
    }
    with_threads(options.threads, || {
        let mut result = measure(spec, dataset, available, steps, options)?;
        if options.evaluation {
            result.evaluated_per_second = Some(measure_evaluation(spec, dataset)?);
        }
        Ok(result)
    })?
}

fn measure(
    spec: &CheckedSpec,
    dataset: &Dataset,
    available: usize,
    steps: usize,
    options: BenchOptions,
) -> Result<BenchResult, TrainError> {
    let batch = options.batch;
    let order = data::shuffled_order(available, spec.seed, 1);
    let precision = PrecisionChoice::of(spec, None)?;
    let pass = |steps: usize, total: usize| -> Result<(usize, f64, TrainState), TrainError> {
        let mut state = TrainState::new(spec, precision.clone())?;
        let mut correct = 0;
        let begun = Instant::now();
        let at = |(step, indices)| Batch {
            indices,
            epoch: 1,
            step: step as u64,
        };
        let batches = order.chunks_exact(batch).take(steps).enumerate();
        let mut batches = batches.map(at).peekable();
        while let Some(batch) = batches.next() {
            // The first step takes the memory that the others find.
            if options.profile && batch.step == u64::from(steps > 1) {
                state.model.network().recorder().turn_on();
            }
            let rate = learning_rate(spec, batch.step, total, &[]);
            let next = batches.peek().copied();
            let outcome = state.step(spec, dataset, batch, next, rate)?;
            correct += outcome.correct;
        }
        Ok((correct, begun.elapsed().as_secs_f64(), state))
    };
    pass(1, steps)?;
    let (correct, seconds, state) = pass(steps, steps)?;
    let images = steps * batch;
    Ok(BenchResult {
        images_per_second: images as f64 / seconds.max(1e-9),
        train_accuracy: correct as f64 / images as f64,
        evaluated_per_second: None,
        seconds,
        peak_rss_mb: peak_rss_mb(),
        images,
        batch,
        threads: rayon::current_num_threads(),
        precision: precision.used,
        notice: precision.notice.clone(),
        profile: state.model.network().take_profile(&spec.summary().layers),
    })
}

/// Validation images evaluated per second by a new network, which is as fast as a trained one.
fn measure_evaluation(spec: &CheckedSpec, dataset: &Dataset) -> Result<f64, TrainError> {
    /// Below this the clock and the machine's other work decide.
    const SHORTEST: Duration = Duration::from_millis(500);
    let model = Model::new(spec)?;
    let run = || {
        evaluate(
            &model,
            &dataset.validation,
            dataset.normalization_for(spec.normalization),
        )
    };
    // The first time takes memory.
    run()?;
    let (begun, mut images) = (Instant::now(), 0);
    while begun.elapsed() < SHORTEST {
        run()?;
        images += dataset.validation.len();
    }
    Ok(images as f64 / begun.elapsed().as_secs_f64())
}

/// The process's largest resident set so far, in MiB, from Linux's `/proc`.
fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_peak_is_a_sensible_size() {
        let peak = peak_rss_mb().unwrap();
        assert!((1.0..1e6).contains(&peak), "{peak}");
    }
}
