//! What is inside the layers of a saved model.

use crate::data::{self, Split};
use crate::nn::probe::{NetworkStatistics, ProbeImages, probe};
use crate::nn::{Model, ModelInfo};
use crate::train::{EpochLayers, EpochMetrics, TrainError, check_inspection};

/// The first training images that are looked with, at most.
const IMAGES: usize = 500;

/// What is inside the layers of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    /// What there is.
    pub statistics: NetworkStatistics,
    /// The epoch whose last step gave the updates; none where no step was seen.
    pub updated_in: Option<usize>,
    /// The learning rate of that epoch in parts of the spec's; 1 where it is not known.
    pub rate: f64,
}

impl Inside {
    /// Looks into `model` with the first images of `train`, as the model file says they are normalised. A saved
    /// model knows of no step, so there are no updates.
    ///
    /// # Errors
    /// Too little memory, a failure of the arithmetic, or a label that the model has no score for.
    pub fn of_model(model: &Model, info: &ModelInfo, train: &Split) -> Result<Self, TrainError> {
        check_inspection(&info.spec, train.len().min(IMAGES))?;
        let images: Vec<u32> = (0..train.len().min(IMAGES) as u32).collect();
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        data::fill(train, &images, info.normalization, &mut pixels, &mut labels);
        let images = ProbeImages {
            pixels: &pixels,
            labels: &labels,
        };
        Ok(Self {
            statistics: probe(model, &info.spec, images)?,
            updated_in: None,
            rate: 1.0,
        })
    }

    /// What a run has told of its layers; `epochs` are its epochs, `learning_rate` its spec's.
    pub fn of_epoch(layers: &EpochLayers, epochs: &[EpochMetrics], learning_rate: f64) -> Self {
        Self {
            statistics: layers.statistics.clone(),
            updated_in: Some(layers.epoch),
            rate: rate_of(layers.epoch, epochs, learning_rate),
        }
    }

    /// With the updates that a run has told of, those of the last epoch up to `epoch` after which it looked.
    #[must_use]
    pub fn with_updates(
        mut self,
        told: &[EpochLayers],
        epoch: usize,
        (epochs, learning_rate): (&[EpochMetrics], f64),
    ) -> Self {
        let own = self.statistics.layers.len();
        let mut told = told.iter().rev();
        let told = told.find(|one| one.epoch <= epoch && one.statistics.layers.len() == own);
        let Some(told) = told else {
            return self;
        };
        for (own, told) in self
            .statistics
            .layers
            .iter_mut()
            .zip(&told.statistics.layers)
        {
            if let (Some(own), Some(told)) = (&mut own.parameters, &told.parameters) {
                own.update = told.update;
            }
        }
        self.updated_in = Some(told.epoch);
        self.rate = rate_of(told.epoch, epochs, learning_rate);
        self
    }
}

/// The learning rate of an epoch in parts of `learning_rate`; 1 where it is not known.
fn rate_of(epoch: usize, epochs: &[EpochMetrics], learning_rate: f64) -> f64 {
    let metrics = epochs.iter().find(|metrics| metrics.epoch == epoch);
    let rate = metrics.map(|metrics| metrics.learning_rate / learning_rate);
    rate.filter(|rate| rate.is_finite()).unwrap_or(1.0)
}
