//! What a run needs of the machine's memory, estimated from its spec, and what the machine has.
//!
//! The layers and the optimiser say what they need; here it is added up with what a run holds of them
//! and of the data. The estimate is made to be a little too high: a run that is let through should not
//! run out of memory. A test compares it with what training really allocates.

mod machine;

pub use machine::available_memory;

use crate::data::{Dataset, Split};
use crate::nn::probe::{images_at_once, probe_bytes};
use crate::nn::{LayerMemory, Plan, f32_bytes};
use crate::simd::Engine;
use crate::spec::{CheckedSpec, Precision, Summary};
use crate::train::TrainError;
use crate::train::evaluate::BATCH as EVALUATION_BATCH;
use crate::train::live_layers::MOST_IMAGES as MOST_PROBE_IMAGES;

/// The program, its threads and what the system's allocator holds back.
const PROGRAM: u64 = 24 << 20;
/// Bytes of what training keeps for each image of the data: its place in the epoch's order, its label,
/// and its prediction with the scores of up to ten classes.
const PER_IMAGE: u64 = 48;
/// Copies of every parameter while a run is saved: the tensor and two of the optimiser's, the last
/// epoch's and the best one's snapshot, and the checkpoint's four, in memory and as bytes. Within a
/// step it is fewer.
const COPIES: u64 = 13;
/// The same where nothing is trained: the tensor, and two while it is read from a file.
const COPIES_TO_EVALUATE: u64 = 3;

/// The memory that some work with a network is expected to need, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryNeed {
    /// However large the batch is: parameters in all their copies, and the threads' buffers.
    pub fixed: u64,
    /// For each image of a batch.
    pub per_image: u64,
    /// Images of a batch.
    pub batch: u64,
    /// Position of the layer that needs most.
    pub costliest: usize,
    /// What that layer needs.
    pub of_costliest: u64,
}

impl MemoryNeed {
    /// Of a training run, without its data.
    pub fn of_training(spec: &CheckedSpec) -> Self {
        let summary = spec.summary();
        let plan = plan(spec);
        let parameters: Vec<u64> = parameters(summary).collect();
        let mut optimizer = vec![0; parameters.len()];
        let matrices = plan.parameters.iter().filter_map(|parameter| {
            let [rows, columns @ ..] = &parameter.shape.shape[..] else {
                return None;
            };
            (!columns.is_empty()).then(|| (parameter.layer, (*rows, columns.iter().product())))
        });
        let (layers, matrices): (Vec<usize>, Vec<_>) = matrices.unzip();
        let buffers = spec.optimizer.rule().matrix_rule_bytes(&matrices);
        for (layer, buffers) in layers.into_iter().zip(buffers) {
            optimizer[layer] += buffers;
        }
        let pixels = pixels(summary);
        let layers = plan.memory(spec.batch_size, EVALUATION_BATCH);
        let costs = layers.iter().enumerate().map(|(at, layer)| {
            let evaluation = EVALUATION_BATCH as u64 * (layer.evaluation_image + pixels(at));
            // With bf16, which auto may choose, a second network evaluates in f32.
            let second = match spec.precision {
                Precision::F32 => 0,
                Precision::Bf16 | Precision::Auto => to_evaluate(layer, parameters[at]),
            };
            // The best model meets the test images beside the last one.
            let best = match spec.validation.hold_out {
                0 => 0,
                _ => to_evaluate(layer, parameters[at]) + evaluation,
            };
            Cost {
                fixed: COPIES * parameters[at]
                    + optimizer[at]
                    + layer.weights
                    + layer.gradients
                    + layer.buffers
                    + evaluation
                    + second
                    + best,
                // While a batch is trained on, the next one is prepared.
                per_image: layer.training_image + 2 * pixels(at),
            }
        });
        let mut need = Self::sum(&costs.collect::<Vec<_>>(), spec.batch_size as u64);
        need.fixed += probe_bytes(spec, MOST_PROBE_IMAGES);
        need
    }

    /// Of a look into the layers of a model, with `images` images.
    pub fn of_inspection(spec: &CheckedSpec, images: usize) -> Self {
        let summary = spec.summary();
        let batch = images_at_once(spec, images);
        let layers = plan(spec).memory(batch, 0);
        let pixels = pixels(summary);
        let layers = layers.iter().zip(parameters(summary)).enumerate();
        let costs = layers.map(|(at, (layer, parameters))| Cost {
            fixed: to_evaluate(layer, parameters) + layer.gradients,
            per_image: layer.training_image + pixels(at),
        });
        let mut need = Self::sum(&costs.collect::<Vec<_>>(), batch as u64);
        need.fixed += probe_bytes(spec, images);
        need
    }

    /// Of the evaluation of `images` images, or of as many as an evaluation takes at once.
    pub fn of_evaluation(spec: &CheckedSpec, images: usize) -> Self {
        let summary = spec.summary();
        let images = images.min(EVALUATION_BATCH);
        let layers = plan(spec).memory(0, images);
        let pixels = pixels(summary);
        let layers = layers.iter().zip(parameters(summary)).enumerate();
        let costs = layers.map(|(at, (layer, parameters))| Cost {
            fixed: to_evaluate(layer, parameters),
            per_image: layer.evaluation_image + pixels(at),
        });
        Self::sum(&costs.collect::<Vec<_>>(), images as u64)
    }

    fn sum(costs: &[Cost], batch: u64) -> Self {
        let whole = |cost: &Cost| cost.fixed + batch * cost.per_image;
        let of_costliest = costs.iter().map(whole).max().unwrap_or(0);
        Self {
            fixed: PROGRAM + costs.iter().map(|cost| cost.fixed).sum::<u64>(),
            per_image: costs.iter().map(|cost| cost.per_image).sum(),
            batch,
            costliest: costs
                .iter()
                .position(|cost| whole(cost) == of_costliest)
                .unwrap_or(0),
            of_costliest,
        }
    }

    /// With the images of `dataset`, which are in memory as long as the program runs.
    #[must_use]
    pub fn with_data(self, dataset: &Dataset) -> Self {
        self.with_images(&dataset.train)
            .with_images(&dataset.validation)
    }

    /// With images that are in memory as long as the run goes.
    #[must_use]
    pub fn with_images(mut self, split: &Split) -> Self {
        self.fixed += split.images.len() as u64 + PER_IMAGE * split.len() as u64;
        self
    }

    /// All of it.
    pub fn total(&self) -> u64 {
        self.fixed + self.batch * self.per_image
    }

    /// Compares with what the machine has.
    ///
    /// # Errors
    /// [`TrainError::Memory`] when `available` bytes are too few; nothing where they are not known.
    pub(super) fn check(
        &self,
        summary: &Summary,
        available: Option<u64>,
    ) -> Result<(), TrainError> {
        match available {
            Some(available) if available < self.total() => Err(TrainError::Memory {
                need: self.total(),
                available,
                layer: self.costliest + 1,
                kind: summary.layers[self.costliest].description.clone(),
                of_layer: self.of_costliest,
                remedy: self.remedy(available),
            }),
            _ => Ok(()),
        }
    }

    fn remedy(&self, available: u64) -> String {
        let batch = available.saturating_sub(self.fixed) / self.per_image.max(1);
        // Evaluation takes as many images at once as it likes.
        if batch >= 2 && batch < self.batch {
            format!("lower batch_size to {batch} or make the network smaller")
        } else {
            "make the network smaller".to_owned()
        }
    }
}

/// What one layer needs, in bytes.
struct Cost {
    /// However large the batch is.
    fixed: u64,
    /// For each image of a batch.
    per_image: u64,
}

fn plan(spec: &CheckedSpec) -> Plan {
    Plan::new(
        &spec.layers,
        &spec.summary().layers,
        spec.frozen_layers,
        false,
        Engine::f32(),
    )
}

/// Bytes of each layer's parameters.
fn parameters(summary: &Summary) -> impl Iterator<Item = u64> {
    let rows = summary.layers.iter();
    rows.map(|row| size_of::<f32>() as u64 * row.parameters)
}

/// Bytes of one image's pixels as they are given to a network, counted with the first layer.
fn pixels(summary: &Summary) -> impl Fn(usize) -> u64 {
    let first = summary.layers.first();
    let pixels = first.map_or(0, |row| f32_bytes(row.input.elements()));
    move |layer| if layer == 0 { pixels } else { 0 }
}

/// What a layer of a network that only evaluates needs; `parameters` are the bytes of its parameters.
fn to_evaluate(layer: &LayerMemory, parameters: u64) -> u64 {
    COPIES_TO_EVALUATE * parameters + layer.weights + layer.buffers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Layer, Spec, preset};

    fn need(spec: &Spec) -> (MemoryNeed, Summary) {
        let spec = spec.check().unwrap();
        (MemoryNeed::of_training(&spec), spec.summary().clone())
    }

    #[test]
    fn more_images_a_batch_need_more_memory() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        let (small, _) = need(&spec);
        spec.batch_size *= 4;
        let (large, _) = need(&spec);
        assert!(large.total() > small.total() + 3 * 128 * 100_000);
    }

    #[test]
    fn a_batch_that_is_too_large_is_refused_with_one_that_fits() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        spec.batch_size = 8192;
        let (large, summary) = need(&spec);
        assert!(large.check(&summary, None).is_ok());
        assert!(large.check(&summary, Some(large.total())).is_ok());
        let available = 512 << 20;
        let error = large
            .check(&summary, Some(available))
            .unwrap_err()
            .to_string();
        assert!(error.contains("512.0 MiB"), "{error}");
        assert!(
            error.contains("; layer 3 (MaxPool2d 2×2) takes "),
            "{error}"
        );
        let batch = error.split("batch_size to ").nth(1).unwrap();
        spec.batch_size = batch.split(' ').next().unwrap().parse().unwrap();
        assert!(spec.batch_size > 100);
        let (fitting, summary) = need(&spec);
        assert!(fitting.check(&summary, Some(available)).is_ok());
    }

    #[test]
    fn a_layer_too_large_for_any_batch_is_named() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        spec.layers.insert(7, Layer::Dense { units: 65_536 });
        let (large, summary) = need(&spec);
        let error = large
            .check(&summary, Some(4 << 30))
            .unwrap_err()
            .to_string();
        assert!(error.contains("layer 8 (Dense 65536)"), "{error}");
        assert!(error.ends_with("make the network smaller"), "{error}");
    }
}
