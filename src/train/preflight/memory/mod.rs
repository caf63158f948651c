//! What a run needs of the machine's memory, estimated from its spec, and what the machine has.
//!
//! The estimate counts what the network keeps: see `layers`. It is made to be a little too high: a run
//! that is let through should not die of it. A test holds it against what training really allocates.

mod layers;
mod machine;
mod weights;

pub use machine::available_memory;

use crate::data::{Dataset, Split};
use crate::nn::{MOST_PARTS, parts_of};
use crate::spec::{Precision, Spec, Summary};
use crate::train::TrainError;
use layers::{Cost, costs};
use weights::weights;

/// The program, its threads and what the system's allocator holds back.
const PROGRAM: u64 = 24 << 20;
/// Bytes of what training keeps for each image of the data: its place in the epoch's order, its label,
/// and its prediction with the scores of up to ten classes.
const PER_IMAGE: u64 = 48;
/// Images of one forward pass of the evaluation.
pub(super) const EVALUATED_AT_ONCE: u64 = 500;

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
    pub fn of_training(spec: &Spec, summary: &Summary) -> Self {
        let batch = spec.batch_size as u64;
        let parts = parts_of(spec.batch_size) as u64;
        let mut costs = costs(&spec.layers, &summary.layers, parts);
        let (layers, weights): (Vec<usize>, Vec<_>) =
            weights(&spec.layers, &summary.layers).unzip();
        let buffers = spec.optimizer.rule().matrix_rule_bytes(&weights);
        for (layer, buffers) in layers.into_iter().zip(buffers) {
            costs[layer].trained += buffers;
        }
        // With bf16 a second network evaluates in f32.
        let networks = match spec.precision {
            Precision::F32 => 1,
            Precision::Bf16 => 2,
        };
        let evaluated = |cost: &Cost| EVALUATED_AT_ONCE * cost.evaluated;
        Self::sum(&costs, batch, |cost| {
            cost.trained + cost.weights * (networks - 1) + evaluated(cost)
        })
    }

    /// Of the evaluation of `images` images, or of as many as an evaluation takes at once.
    pub fn of_evaluation(spec: &Spec, summary: &Summary, images: usize) -> Self {
        let images = (images as u64).min(EVALUATED_AT_ONCE);
        let mut costs = costs(&spec.layers, &summary.layers, MOST_PARTS as u64);
        for cost in &mut costs {
            cost.per_image = cost.evaluated;
        }
        Self::sum(&costs, images, |cost| cost.weights)
    }

    fn sum(costs: &[Cost], batch: u64, fixed: impl Fn(&Cost) -> u64) -> Self {
        let scratch = |cost: &Cost| batch.min(MOST_PARTS as u64) * cost.scratch;
        let whole = |cost: &Cost| fixed(cost) + scratch(cost) + batch * cost.per_image;
        let of_costliest = costs.iter().map(whole).max().unwrap_or(0);
        Self {
            // The layers take turns with the buffers.
            fixed: PROGRAM
                + costs.iter().map(&fixed).sum::<u64>()
                + costs.iter().map(scratch).max().unwrap_or(0),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Layer, preset};

    fn need(spec: &Spec) -> (MemoryNeed, Summary) {
        let summary = spec.check().unwrap().summary().clone();
        (MemoryNeed::of_training(spec, &summary), summary)
    }

    #[test]
    fn more_images_a_batch_need_more_memory() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        let (small, _) = need(&spec);
        spec.batch_size *= 4;
        let (large, _) = need(&spec);
        assert!(large.total() > small.total() + 3 * 128 * 150_000);
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
        assert!(error.contains("; layer 7 (Flatten) takes "), "{error}");
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
