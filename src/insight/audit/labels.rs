//! Out-of-fold predictions: each image is judged by a network that has not seen it.

use super::checked::Checked;
use super::confident::{LabelIssue, label_issues};
use super::folds::folds_of;
use super::part::Part;
use super::watch::{Step, Watch};
use crate::data::{Dataset, Split};
use crate::runs::{RunOptions, train_run};
use crate::spec::{CheckedSpec, EarlyStopping, Spec, Validation, preset};
use crate::train::{Command, Event, TrainError, Validated, evaluate};
use std::sync::Arc;
use std::sync::mpsc::channel;

/// The most folds that images are divided into.
pub const MOST_FOLDS: usize = 20;

/// What networks say of images that they have not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct OutOfFold {
    /// Classes.
    pub classes: usize,
    /// Of each training image, by the network that has not seen its fold: `[images, classes]`.
    pub training: Vec<f32>,
    /// Of each validation image, the mean of all networks: `[images, classes]`.
    pub validation: Vec<f32>,
}

/// What out-of-fold predictions say of the labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// What the network is called.
    pub network: String,
    /// Folds, each of which one network has not seen.
    pub folds: usize,
    /// Epochs that each was trained for.
    pub epochs: usize,
    /// Likely wrong labels of the training images, the least probable label first.
    pub training: Vec<LabelIssue>,
    /// The same of the validation images.
    pub validation: Vec<LabelIssue>,
    /// The share of the training images that were taken for what their labels say, and their number.
    pub accuracy: (f64, usize),
}

/// The network that judges where none is named: small and quick, with as many scores as the data has classes. None
/// for data that it cannot be made for, such as that of a single class.
pub fn usual_network(dataset: &Dataset) -> Option<CheckedSpec> {
    let fitted = |spec: CheckedSpec| {
        let (input, classes) = (dataset.input(), dataset.classes());
        spec.adapted(input, classes, &dataset.name).ok()
    };
    // Images too small for convolutions have few pixels: a dense layer does.
    let tiny = preset("tiny").ok().and_then(fitted);
    tiny.or_else(|| Spec::smallest().check().ok().and_then(fitted))
}

impl OutOfFold {
    /// Trains the network of `spec` `folds` times, each time without the images of a fold, and lets it judge those.
    /// None if it was cancelled. All training images are used, whatever the spec holds out or leaves out; each network
    /// is the one after the last epoch, as no images are left to pick a better one by.
    ///
    /// # Errors
    /// Too few images, a spec that does not fit the data or the machine, a diverged loss.
    pub fn train(
        spec: &CheckedSpec,
        dataset: &Dataset,
        folds: usize,
        checked: &Checked,
        watch: &dyn Watch,
    ) -> Result<Option<Self>, TrainError> {
        let images = dataset.train.len();
        if images < 2 * folds || folds < 2 {
            return Err(TrainError::TooFewImages {
                images,
                purpose: format!("{folds} folds, at least two images each"),
            });
        }
        let spec = spec.clone().changed(|spec| {
            spec.validation = Validation { hold_out: 0 };
            spec.early_stopping = EarlyStopping::default();
            spec.exclude.clear();
        })?;
        let fold_of = folds_of(&dataset.train.labels, folds, &checked.twins);
        let classes = spec.summary().classes;
        let mut all = Self {
            classes,
            training: vec![0.0; images * classes],
            validation: vec![0.0; dataset.validation.len() * classes],
        };
        for fold in 0..folds {
            let (own, others): (Vec<u32>, Vec<u32>) =
                (0..images as u32).partition(|image| fold_of[*image as usize] == fold);
            if own.is_empty() {
                continue;
            }
            let data = Dataset {
                name: dataset.name.clone(),
                origin: dataset.origin.clone(),
                class_names: dataset.class_names.clone(),
                train: dataset.train.pick(&others),
                validation: Arc::new(dataset.train.pick(&own)),
                normalization: dataset.normalization,
                source_images: others.len(),
            };
            let Some(judge) = judge(&spec, &data, (fold, folds), watch)? else {
                return Ok(None);
            };
            let rows = judge.evaluation.probabilities.chunks_exact(classes);
            for (image, row) in own.iter().zip(rows) {
                all.training[*image as usize * classes..][..classes].copy_from_slice(row);
            }
            all.add_validation(&judge, &dataset.validation, folds)?;
        }
        Ok(Some(all))
    }

    fn add_validation(
        &mut self,
        judge: &Validated,
        images: &Split,
        folds: usize,
    ) -> Result<(), TrainError> {
        if images.is_empty() {
            return Ok(());
        }
        let model = judge.snapshot.restore();
        let model = model.map_err(TrainError::Diverged)?;
        let evaluation = evaluate(&model, images, judge.snapshot.info.normalization)?;
        for (sum, probability) in self.validation.iter_mut().zip(&evaluation.probabilities) {
            *sum += probability / folds as f32;
        }
        Ok(())
    }

    /// What they say of the labels.
    pub fn labels(&self, spec: &Spec, dataset: &Dataset, folds: usize) -> Labels {
        let issues = |part: Part| {
            let labels = &part.split(dataset).labels;
            label_issues(self.of(part), labels, self.classes)
        };
        let images = dataset.train.len();
        let rows = self.training.chunks_exact(self.classes.max(1));
        let right = rows.zip(&dataset.train.labels).filter(|(row, label)| {
            let best = (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b]).then(b.cmp(a)));
            best == Some(usize::from(**label))
        });
        Labels {
            network: spec.name.clone(),
            folds,
            epochs: spec.epochs,
            training: issues(Part::Training),
            validation: issues(Part::Validation),
            accuracy: (right.count() as f64 / images.max(1) as f64, images),
        }
    }

    /// The probabilities of a split's images, `[images, classes]`.
    pub fn of(&self, part: Part) -> &[f32] {
        match part {
            Part::Training => &self.training,
            Part::Validation => &self.validation,
        }
    }
}

/// Trains a network on the training images of `data`; the last epoch's model with what it says of the validation
/// images. None if it was cancelled.
fn judge(
    spec: &CheckedSpec,
    data: &Dataset,
    (fold, folds): (usize, usize),
    watch: &dyn Watch,
) -> Result<Option<Arc<Validated>>, TrainError> {
    let (sender, commands) = channel();
    let mut last = None;
    let mut sink = |event: Event| match event {
        Event::Batch(batch) => {
            if watch.is_cancelled() {
                // The run has the other end.
                let _ = sender.send(Command::Stop);
            }
            let epoch = batch.epoch - 1;
            let of_fold =
                (epoch as f64 + batch.batch as f64 / batch.batches as f64) / spec.epochs as f64;
            watch.at(Step::Training {
                fold: fold + 1,
                folds,
                epoch,
                epochs: spec.epochs,
                share: (fold as f64 + of_fold) / folds as f64,
            });
        }
        Event::Validated(validated) => last = Some(validated),
        _ => {}
    };
    let summary = train_run(spec, data, &RunOptions::default(), &commands, &mut sink)?;
    Ok(last.filter(|_| !summary.stopped_early))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::audit::twins::SIMILAR;
    use crate::insight::audit::watch::tests::Unwatched;

    #[test]
    fn labels_that_were_changed_are_found() {
        let mut dataset = Dataset::sample().unwrap();
        dataset.limit_train(1200);
        let spec = usual_network(&dataset).unwrap();
        let spec = spec.changed(|spec| spec.epochs = 10).unwrap();
        let flipped: Vec<usize> = (0..1200).step_by(60).collect();
        for image in &flipped {
            let label = &mut dataset.train.labels[*image];
            *label = (*label + 5) % 10;
        }
        let checked = Checked::new(&dataset, SIMILAR, &Unwatched).unwrap();
        let judged = OutOfFold::train(&spec, &dataset, 3, &checked, &Unwatched);
        let judged = judged.unwrap().unwrap();
        let sums = judged
            .training
            .chunks_exact(10)
            .map(|row| row.iter().sum::<f32>());
        assert!(sums.chain([1.0]).all(|sum| (sum - 1.0).abs() < 1e-4));
        let labels = judged.labels(&spec, &dataset, 3);
        let found: Vec<usize> = labels
            .training
            .iter()
            .map(|issue| issue.image as usize)
            .collect();
        let caught = flipped.iter().filter(|image| found.contains(image)).count();
        assert!(caught >= 12, "{caught} of 20 among {}", found.len());
        let of_worst = found
            .iter()
            .take(20)
            .filter(|image| flipped.contains(image));
        assert!(of_worst.count() >= 10, "{found:?}");
    }

    #[test]
    fn a_network_is_made_for_images_of_any_size() {
        let mut dataset = Dataset::sample().unwrap();
        for (channels, height, width) in [(3, 32, 32), (1, 1, 2), (4, 64, 3)] {
            let train = &mut dataset.train;
            (train.channels, train.height, train.width) = (channels, height, width);
            let spec = usual_network(&dataset).unwrap();
            assert_eq!(spec.input.width, width);
        }
        dataset.class_names.truncate(1);
        assert!(usual_network(&dataset).is_none());
    }
}
