//! What is inside the layers, told at the end of epochs while a run trains.

use super::TrainError;
use crate::data::{self, Dataset};
use crate::nn::Model;
use crate::nn::probe::{NetworkStatistics, ProbeImages, probe};
use crate::simd::buffer::Buffer;
use crate::spec::CheckedSpec;
use serde::{Deserialize, Serialize};

/// Fewest and most of the first training images that are looked with: a hundredth of them.
const FEWEST_IMAGES: usize = 64;
pub(super) const MOST_IMAGES: usize = 256;
/// Images that are trained on for each that is looked with: looking takes about as long as training on two.
const TRAINED: usize = 200;
/// Looks at a run, about: what is kept of them stays small however many epochs it has.
const LOOKS: usize = 100;

/// What is inside the layers after an epoch, without augmentation; where an average of the weights is kept, with
/// those that are trained. In JSON, a line of `layers.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochLayers {
    /// The epoch, from 1.
    pub epoch: usize,
    /// What there is. The updates are those of the epoch's last step.
    #[serde(flatten)]
    pub statistics: NetworkStatistics,
}

/// Looks into the layers of a run.
#[derive(Default)]
pub(super) struct LiveLayers {
    /// The parameters before the epoch's last step.
    before: Vec<Buffer>,
    /// How far that step moved those of each layer, in parts of their norm.
    updates: Vec<Option<f64>>,
}

/// Images that are looked with in a run that trains on `train_images`.
pub(super) fn probe_images(train_images: usize) -> usize {
    let wanted = (train_images / 100).clamp(FEWEST_IMAGES, MOST_IMAGES);
    wanted.min(train_images)
}

/// Whether the layers are looked into after `epoch` of a run.
pub(super) fn is_due(spec: &CheckedSpec, train_images: usize, epoch: usize) -> bool {
    let trained = TRAINED * probe_images(train_images);
    let every = trained.div_ceil(train_images.max(1));
    let every = every.max(spec.epochs.div_ceil(LOOKS)).max(1);
    (epoch - 1).is_multiple_of(every)
}

impl LiveLayers {
    /// Called before the last step of an epoch after which the layers are looked into.
    pub fn before_step(&mut self, model: &Model) {
        let parameters = model.network().parameters();
        self.before.resize(parameters.len(), Buffer::default());
        for (before, parameter) in self.before.iter_mut().zip(parameters) {
            before.copy_from(&parameter.values);
        }
    }

    /// Called after that step.
    pub fn after_step(&mut self, model: &Model) {
        let network = model.network();
        let (parameters, layers) = (network.parameters(), network.parameter_layers());
        let mut sums = vec![[0.0; 2]; layers.last().map_or(0, |last| last + 1)];
        for ((before, after), layer) in self.before.iter().zip(parameters).zip(layers) {
            let [moved, all] = &mut sums[*layer];
            for (before, after) in before.iter().zip(after.values.iter()) {
                let before = f64::from(*before);
                *moved += (f64::from(*after) - before).powi(2);
                *all += before.powi(2);
            }
        }
        let ratio = |[moved, all]: [f64; 2]| {
            let ratio = (moved / all).sqrt();
            ratio.is_finite().then_some(ratio)
        };
        self.updates = sums.into_iter().map(ratio).collect();
        self.before = Vec::new();
    }

    /// Looks into `model` after `epoch`, with the first of the training images.
    ///
    /// # Errors
    /// A failure of the arithmetic.
    pub fn look(
        &mut self,
        model: &Model,
        spec: &CheckedSpec,
        dataset: &Dataset,
        epoch: usize,
    ) -> Result<EpochLayers, TrainError> {
        let images: Vec<u32> = (0..probe_images(dataset.train.len()) as u32).collect();
        let normalization = dataset.normalization_for(spec.normalization);
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        data::fill(
            &dataset.train,
            &images,
            normalization,
            &mut pixels,
            &mut labels,
        );
        let images = ProbeImages {
            pixels: &pixels,
            labels: &labels,
        };
        let mut statistics = probe(model, spec, images)?;
        let updates = std::mem::take(&mut self.updates);
        for (layer, update) in statistics.layers.iter_mut().zip(updates) {
            if let Some(parameters) = layer.parameters.as_mut().filter(|one| !one.frozen) {
                parameters.update = update;
            }
        }
        Ok(EpochLayers { epoch, statistics })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    /// The epochs after which the layers are looked into.
    fn looks(epochs: usize, train_images: usize) -> Vec<usize> {
        let mut spec = preset("tiny").unwrap().into_spec();
        spec.epochs = epochs;
        let spec = spec.check().unwrap();
        let epochs = 1..=epochs;
        epochs
            .filter(|epoch| is_due(&spec, train_images, *epoch))
            .collect()
    }

    #[test]
    fn looking_stays_cheap_and_its_record_small() {
        assert_eq!(looks(4, 60_000), [1, 2, 3, 4]);
        assert_eq!(looks(8, 5000), [1, 4, 7]);
        assert_eq!(looks(10_000, 60_000).len(), 100);
        for train_images in [1, 64, 1000, 20_000, 55_000] {
            let looks = looks(100, train_images);
            assert_eq!(looks[0], 1);
            // Not more than two hundredths of what is trained on, but for the first look.
            let seen = (looks.len() - 1) * probe_images(train_images);
            assert!(100 * seen <= 100 * train_images, "{train_images}");
        }
    }
}
