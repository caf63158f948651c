//! Two models, evaluated on the same images.

use super::history_difference::history_differences;
use super::paired::Paired;
use crate::data::{Dataset, Split};
use crate::nn::{Model, ModelFileError, ModelInfo, load_model};
use crate::runs::{BEST_FILE, MODEL_FILE, PastRun, RecordError, RunRecord, model_of};
use crate::spec::{Change, differences};
use crate::text::shown_path;
use crate::train::{
    EpochMetrics, Evaluation, TrainError, check_fits_model, evaluate, with_threads,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One of the two, read but not yet evaluated.
pub struct Candidate {
    path: PathBuf,
    model: Model,
    info: ModelInfo,
    run: Option<Arc<PastRun>>,
}

/// One of the two, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The run folder or model file, as it was given.
    pub path: PathBuf,
    /// What the model file says of itself.
    pub info: ModelInfo,
    /// How it does on the images.
    pub evaluation: Evaluation,
    /// The run, if it is one.
    pub run: Option<Arc<PastRun>>,
}

/// Two models on the same images.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// A and B.
    pub sides: [Compared; 2],
    /// What differs between their specs, and between runs in how they came about; nothing else.
    pub changes: Vec<Change>,
    /// Which images one alone gets right.
    pub paired: Paired,
    /// The images: the data's validation images.
    pub images: Arc<Split>,
    /// Names of the classes, in the order of the labels.
    pub class_names: Vec<String>,
}

/// Why two models cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// A run folder cannot be used.
    #[error(transparent)]
    Run(#[from] RecordError),
    /// A model file cannot be used.
    #[error(transparent)]
    Model(#[from] ModelFileError),
    /// A model does not fit the images, or cannot be evaluated.
    #[error("{path}: {source}", path = shown_path(.path))]
    Evaluation {
        /// What was given.
        path: PathBuf,
        /// What is wrong.
        source: TrainError,
    },
}

impl Candidate {
    /// Reads a model file, or the model of a run folder: that of the last epoch, or with `best` that of
    /// the epoch that was picked.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(path: &Path, best: bool) -> Result<Self, CompareError> {
        let run = match path.is_dir() {
            true => Some(RunRecord::read(path)?.run),
            false => None,
        };
        let name = if best { BEST_FILE } else { MODEL_FILE };
        let (model, info) = load_model(&model_of(path, name)?)?;
        Ok(Self {
            run,
            ..Self::of_model(path, model, info)
        })
    }

    /// A model that is no run's, from the file `path`.
    pub fn of_model(path: &Path, model: Model, info: ModelInfo) -> Self {
        Self {
            path: path.to_owned(),
            model,
            info,
            run: None,
        }
    }

    /// Name of the data set it was trained on.
    pub fn dataset(&self) -> &str {
        &self.info.dataset
    }

    fn evaluated(
        self,
        dataset: &Dataset,
        threads: Option<usize>,
    ) -> Result<Compared, CompareError> {
        let failed = |source| CompareError::Evaluation {
            path: self.path.clone(),
            source,
        };
        check_fits_model(&self.info.spec, dataset).map_err(failed)?;
        let evaluate = || evaluate(&self.model, &dataset.validation, self.info.normalization);
        let evaluation = with_threads(threads, evaluate)
            .and_then(|evaluation| evaluation)
            .map_err(failed)?;
        Ok(Compared {
            evaluation,
            path: self.path,
            info: self.info,
            run: self.run,
        })
    }
}

impl Compared {
    /// Share of the images that it gets right.
    pub fn accuracy(&self) -> f64 {
        self.evaluation.accuracy
    }

    /// Trainable parameters.
    pub fn parameters(&self) -> u64 {
        self.info.spec.summary().parameters()
    }

    /// Its epochs; none of a model that is no run's.
    pub fn epochs(&self) -> &[EpochMetrics] {
        self.run.as_ref().map_or(&[], |run| &run.epochs)
    }

    /// Seconds of training; 0 for a model that is no run's.
    pub fn seconds(&self) -> f64 {
        self.epochs().iter().map(|epoch| epoch.seconds).sum()
    }
}

impl Comparison {
    /// Evaluates both on the validation images of `dataset`, one after the other, on `threads` threads.
    ///
    /// # Errors
    /// A model that does not fit the images, or a failure of the arithmetic.
    pub fn new(
        [first, second]: [Candidate; 2],
        dataset: &Dataset,
        threads: Option<usize>,
    ) -> Result<Self, CompareError> {
        let first = first.evaluated(dataset, threads)?;
        let second = second.evaluated(dataset, threads)?;
        let mut changes = differences(&first.info.spec, &second.info.spec);
        if let (Some(first), Some(second)) = (&first.run, &second.run) {
            changes.extend(history_differences(first, second));
        }
        Ok(Self {
            changes,
            paired: Paired::new(
                &first.evaluation.predictions,
                &second.evaluation.predictions,
                &dataset.validation.labels,
            ),
            sides: [first, second],
            images: Arc::clone(&dataset.validation),
            class_names: dataset.class_names.clone(),
        })
    }
}
