//! How long an epoch would take here, estimated from a few steps.

use super::precision::PrecisionChoice;
use super::preflight::check_shapes;
use super::prepared::Batch;
use super::steps::batches_per_epoch;
use super::train_state::TrainState;
use super::{MemoryNeed, TrainError, available_memory, with_threads};
use crate::data::Dataset;
use crate::nn::profile::Section;
use crate::spec::{CheckedSpec, LayerSummary, Precision, Shape, Summary};
use std::time::{Duration, Instant};

/// Most bytes that a measurement may need.
const MOST_MEMORY: u64 = 1 << 30;
/// Most multiplications and additions of one image's training, and of an optimiser's step on matrices as a
/// whole: about a fifth of a second on a slow core.
const MOST_OPERATIONS: u64 = 2 << 30;
const MOST_MATRIX_OPERATIONS: u64 = 16 << 30;
/// As many of them may the first steps have, before the speed is known.
const OPERATIONS_TO_BEGIN_WITH: u64 = 1 << 30;
/// Most time of a step whose images can be fewer than the spec's.
const STEP: Duration = Duration::from_millis(50);
/// Steps are repeated for so long, at least two and at most [`MOST_STEPS`].
const REPEATED: Duration = Duration::from_millis(100);
const MOST_STEPS: usize = 15;

/// What became of an estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EpochTime {
    /// Seconds of an epoch's training; its evaluation is not counted.
    Seconds(f64),
    /// A measurement would take too much memory or time to be made in passing.
    TooLarge,
    /// The network cannot be trained on this data.
    Unfit,
}

/// Estimates an epoch of the spec's training on the data from a few steps of a new network, within about
/// a quarter of a second. `None` once it is no longer `wanted`, which is asked before each step.
///
/// A step of fewer images than the spec's is taken where that would last too long: what depends on the
/// images is then scaled up, what does not (the optimiser, weights made ready) is not.
///
/// # Errors
/// A failure of the arithmetic, or of the system to provide threads.
pub fn predict_epoch(
    spec: &CheckedSpec,
    dataset: &Dataset,
    threads: Option<usize>,
    is_wanted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<EpochTime>, TrainError> {
    let images = dataset.train.len();
    let images = images - spec.validation.held_out(images);
    let batch = spec.batch_size.min(images);
    if check_shapes(spec, dataset).is_err() || batches_per_epoch(images, spec.batch_size) == 0 {
        return Ok(Some(EpochTime::Unfit));
    }
    if is_too_large(spec) {
        return Ok(Some(EpochTime::TooLarge));
    }
    let seconds = with_threads(threads, || step_seconds(spec, dataset, batch, is_wanted))??;
    let epoch = seconds.map(|seconds| seconds * images as f64 / batch as f64);
    Ok(epoch.map(EpochTime::Seconds))
}

/// Multiplications and additions of training on one image.
fn operations(summary: &Summary) -> u64 {
    6 * summary.multiply_adds()
}

fn is_too_large(spec: &CheckedSpec) -> bool {
    let need = MemoryNeed::of_training(spec).total();
    let available = available_memory().unwrap_or(u64::MAX);
    let summary = spec.summary();
    // Rules that look at whole matrices multiply them with each other; two by two shows which do.
    let looks_at_matrices = spec.optimizer.rule().matrix_rule_bytes(&[(2, 2); 3]);
    let looks_at_matrices = looks_at_matrices.iter().any(|bytes| *bytes > 0);
    let matrices: u64 = summary.layers.iter().map(matrix_operations).sum();
    need > MOST_MEMORY.min(available / 2)
        || operations(summary) > MOST_OPERATIONS
        || (looks_at_matrices && matrices > MOST_MATRIX_OPERATIONS)
}

/// Multiplications and additions of five times three products of a layer's weight with as long a matrix.
fn matrix_operations(layer: &LayerSummary) -> u64 {
    let rows = match layer.output {
        Shape::Image { channels, .. } => channels as u64,
        Shape::Flat { features } => features as u64,
    };
    30 * layer.parameters * rows.min(layer.parameters / rows.max(1))
}

/// Seconds of a step of `batch` images.
fn step_seconds(
    spec: &CheckedSpec,
    dataset: &Dataset,
    batch: usize,
    is_wanted: &(dyn Fn() -> bool + Sync),
) -> Result<Option<f64>, TrainError> {
    // To compare precisions for `auto` would take longer than the measurement.
    let precision = PrecisionChoice::of(spec, Some(Precision::Bf16))?;
    let mut state = TrainState::new(spec, precision)?;
    state.model.network().recorder().turn_on();
    let mut number = 0;
    let mut step = |images: usize| -> Result<Option<StepTime>, TrainError> {
        if !is_wanted() {
            return Ok(None);
        }
        let indices: Vec<u32> = (0..images as u32).collect();
        let at = |step| Batch {
            indices: &indices,
            epoch: 1,
            step,
        };
        let (batch, next) = (at(number), at(number + 1));
        number += 1;
        // A rate of 0: the weights stay as they are.
        state.step(spec, dataset, batch, Some(next), 0.0)?;
        let measured = state.model.network().recorder().take();
        let whatever_the_images = [Section::Prepare, Section::Optimizer, Section::Average];
        let fixed = whatever_the_images.map(|section| measured.section(section).wall);
        let fixed: u64 = fixed.iter().sum();
        Ok(Some(StepTime {
            fixed: fixed as f64 / 1e9,
            of_images: measured.wall().saturating_sub(fixed) as f64 / 1e9,
            images,
        }))
    };
    let few = OPERATIONS_TO_BEGIN_WITH / operations(spec.summary()).max(1);
    // Batch norm needs two.
    let few = usize::try_from(few)
        .unwrap_or(batch)
        .clamp(2, batch.max(2))
        .min(batch);
    // The first step of a size takes the memory that the others find.
    if step(few)?.is_none() {
        return Ok(None);
    }
    let Some(first) = step(few)? else {
        return Ok(None);
    };
    let within = STEP.as_secs_f64() / first.of_images.max(1e-9) * few as f64;
    let many = (within as usize).clamp(few, batch);
    if many > few && step(many)?.is_none() {
        return Ok(None);
    }
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < 2 || (times.len() < MOST_STEPS && begun.elapsed() < REPEATED) {
        let Some(time) = step(many)? else {
            return Ok(None);
        };
        times.push(time.with_images(batch));
    }
    times.sort_by(f64::total_cmp);
    Ok(Some(times[times.len() / 2]))
}

/// Seconds of a step.
struct StepTime {
    /// However many images there are.
    fixed: f64,
    /// Of all images.
    of_images: f64,
    images: usize,
}

impl StepTime {
    /// The seconds of a step of so many images.
    fn with_images(&self, images: usize) -> f64 {
        self.fixed + self.of_images * images as f64 / self.images as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Layer, preset};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn predicted(spec: &CheckedSpec, dataset: &Dataset) -> Option<EpochTime> {
        predict_epoch(spec, dataset, Some(1), &|| true).unwrap()
    }

    #[test]
    fn an_epoch_of_more_images_takes_proportionally_longer_than_a_step() {
        let dataset = Dataset::sample().unwrap();
        let spec = preset("tiny").unwrap();
        let Some(EpochTime::Seconds(seconds)) = predicted(&spec, &dataset) else {
            panic!();
        };
        assert!(seconds > 0.0 && seconds.is_finite());
        let time = StepTime {
            fixed: 1.0,
            of_images: 2.0,
            images: 8,
        };
        assert_eq!(time.with_images(8), 3.0);
        assert_eq!(time.with_images(32), 9.0);
    }

    #[test]
    fn what_is_not_wanted_any_more_ends_before_the_next_step() {
        let dataset = Dataset::sample().unwrap();
        let asked = AtomicUsize::new(0);
        let twice = || asked.fetch_add(1, Ordering::Relaxed) < 2;
        let spec = preset("tiny").unwrap();
        let time = predict_epoch(&spec, &dataset, Some(1), &twice).unwrap();
        assert_eq!((time, asked.into_inner()), (None, 3));
    }

    #[test]
    fn what_would_hold_the_machine_up_is_not_measured() {
        let dataset = Dataset::sample().unwrap();
        let spec = preset("tiny").unwrap();
        let wide = Layer::Dense { units: 5000 };
        let wide = spec.clone().changed(|spec| {
            let end = spec.layers.len() - 1;
            spec.layers.splice(end..end, [wide.clone(), wide]);
        });
        assert_eq!(
            predicted(&wide.unwrap(), &dataset),
            Some(EpochTime::TooLarge)
        );
        let other = spec.clone().changed(|spec| spec.input.height = 32).unwrap();
        assert_eq!(predicted(&other, &dataset), Some(EpochTime::Unfit));
        // The presets are all measured.
        for entry in crate::spec::PRESETS {
            assert!(
                !is_too_large(&preset(entry.name).unwrap()),
                "{}",
                entry.name
            );
        }
    }
}
