//! How exact the difference of two runs is when there is one seed alone: the images tell.

use super::paired::Paired;
use crate::data::{Dataset, Split};
use crate::nn::load_model;
use crate::runs::{MODEL_FILE, read_metrics};
use crate::spec::CheckedSpec;
use crate::train::{TrainError, TrainingData, evaluate};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An accuracy may differ by this from the one that a run noted, for a sum in another order.
const SAME: f64 = 1e-9;

/// The answers of runs on the images that validated them, each computed once.
#[derive(Debug, Default)]
pub struct SingleSeed {
    /// The images; without them nothing is known.
    images: Option<Arc<Split>>,
    predictions: HashMap<PathBuf, Option<Vec<u8>>>,
}

impl SingleSeed {
    /// On the images that validate runs of this spec on `dataset`.
    ///
    /// # Errors
    /// A spec that does not fit the data.
    pub fn new(spec: &CheckedSpec, dataset: &Dataset) -> Result<Self, TrainError> {
        let data = TrainingData::prepare(spec, dataset, None)?;
        Ok(Self {
            images: Some(Arc::clone(&data.dataset.validation)),
            predictions: HashMap::new(),
        })
    }

    /// Without images: no error is known.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// The standard error of the difference between the last epochs of the runs in two folders, as [`Paired`]
    /// has it. None where a model cannot be read, or is not that of its last epoch.
    pub fn standard_error(&mut self, folders: [&Path; 2]) -> Option<f64> {
        let images = Arc::clone(self.images.as_ref()?);
        for folder in folders {
            if !self.predictions.contains_key(folder) {
                let found = predictions(folder, &images);
                self.predictions.insert(folder.to_owned(), found);
            }
        }
        let [first, second] = folders.map(|folder| self.predictions.get(folder)?.as_ref());
        let paired = Paired::new(first?, second?, &images.labels);
        Some(paired.standard_error())
    }
}

fn predictions(folder: &Path, images: &Split) -> Option<Vec<u8>> {
    let (model, info) = load_model(&folder.join(MODEL_FILE)).ok()?;
    let evaluation = evaluate(&model, images, info.normalization).ok()?;
    let noted = read_metrics(folder).last()?.validation_accuracy;
    ((evaluation.accuracy - noted).abs() < SAME).then_some(evaluation.predictions)
}
