//! Runs that differ by nothing but the seed, as one.

use super::PastRun;
use crate::spec::Spec;
use crate::stats::{Spread, band};
use crate::train::{EpochMetrics, best_epoch};
use std::path::Path;
use std::sync::Arc;

/// Runs of one spec on the same images, in one folder, each from another seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    /// The runs, in the order in which they were given; at least one.
    pub runs: Vec<Arc<PastRun>>,
}

impl Fold {
    /// Puts the runs together that differ by nothing but the seed and stand in the same folder. Each fold stands
    /// where its first run stood. Two runs of the same seed are not put together, as they say nothing of chance;
    /// nor are those whose spec or images cannot be read.
    pub fn of(runs: &[Arc<PastRun>]) -> Vec<Self> {
        let mut folds: Vec<Self> = Vec::new();
        for run in runs {
            let same = folds.iter_mut().find(|fold| fold.takes(run));
            match same {
                Some(fold) => fold.runs.push(Arc::clone(run)),
                None => folds.push(Self {
                    runs: vec![Arc::clone(run)],
                }),
            }
        }
        folds
    }

    /// The chosen run and those among `runs` that differ from it by nothing but the seed.
    pub fn around(chosen: &Arc<PastRun>, runs: &[Arc<PastRun>]) -> Self {
        let mut fold = Self {
            runs: vec![Arc::clone(chosen)],
        };
        for run in runs {
            if fold.takes(run) {
                fold.runs.push(Arc::clone(run));
            }
        }
        fold
    }

    fn takes(&self, run: &PastRun) -> bool {
        let Some(first) = self.runs.first() else {
            return false;
        };
        let (Ok(one), Ok(other)) = (&first.spec, &run.spec) else {
            return false;
        };
        let folder = |run: &PastRun| run.path.parent().map(Path::to_owned);
        let has_seed = |of: &Arc<PastRun>| of.spec.as_ref().is_ok_and(|of| of.seed == other.seed);
        first.data.is_some()
            && first.data == run.data
            && folder(first) == folder(run)
            && (&first.origin, &first.steering) == (&run.origin, &run.steering)
            && differ_by_seed_alone(one, other)
            && !self.runs.iter().any(has_seed)
    }

    /// Its runs that are trained to their end: those that count.
    pub fn complete(&self) -> Vec<&PastRun> {
        let runs = self.runs.iter().map(AsRef::as_ref);
        runs.filter(|run| run.is_complete()).collect()
    }

    /// Validation accuracy of the last epochs of those that are complete.
    pub fn last(&self) -> Option<Spread> {
        self.spread(|run| Some(run.epochs.last()?.validation_accuracy))
    }

    /// Validation accuracy of their best epochs, which were picked by it.
    pub fn best(&self) -> Option<Spread> {
        self.spread(|run| Some(best_epoch(&run.epochs)?.validation_accuracy))
    }

    /// Accuracy of their last epochs on the test images, where others validated.
    pub fn test(&self) -> Option<Spread> {
        self.spread(|run| Some(run.test?.last.accuracy))
    }

    fn spread(&self, of: impl Fn(&PastRun) -> Option<f64>) -> Option<Spread> {
        let values: Vec<f64> = self.complete().into_iter().filter_map(of).collect();
        Spread::of(&values)
    }

    /// Mean and deviation of a number after each epoch that all complete runs have: `(epoch, spread)`.
    pub fn band(&self, of: impl Fn(&EpochMetrics) -> Option<f64>) -> Vec<(usize, Spread)> {
        let complete = self.complete().into_iter();
        band_of(complete.map(|run| run.epochs.as_slice()), of)
    }
}

/// Mean and deviation of a number after each epoch that all these runs have: `(epoch, spread)`.
pub fn band_of<'a>(
    runs: impl IntoIterator<Item = &'a [EpochMetrics]>,
    of: impl Fn(&EpochMetrics) -> Option<f64>,
) -> Vec<(usize, Spread)> {
    let curves = runs.into_iter().map(|epochs| {
        let point = |epoch: &EpochMetrics| Some((epoch.epoch, of(epoch)?));
        epochs.iter().filter_map(point).collect()
    });
    band(&curves.collect::<Vec<Vec<(usize, f64)>>>())
}

fn differ_by_seed_alone(one: &Spec, other: &Spec) -> bool {
    // Most specs differ in these, and the rest needs a copy.
    if one.name != other.name || one.layers != other.layers {
        return false;
    }
    let other = Spec {
        seed: one.seed,
        ..other.clone()
    };
    *one == other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;
    use crate::train::DataIdentity;

    fn run(name: &str, seed: u64, accuracies: &[f64]) -> PastRun {
        let spec = preset("tiny").unwrap().with_seed(seed);
        let epoch = |(index, accuracy): (usize, &f64)| EpochMetrics {
            epoch: index + 1,
            train_loss: 1.0,
            train_accuracy: 0.5,
            validation_loss: 1.0,
            validation_accuracy: *accuracy,
            learning_rate: 0.1,
            seconds: 1.0,
            images_per_second: 1.0,
            train_eval_loss: None,
            train_eval_accuracy: None,
        };
        PastRun {
            path: format!("runs/{name}").into(),
            name: name.into(),
            parameters: 0,
            spec: Ok(spec.changed(|spec| spec.epochs = 2).unwrap()),
            epochs: accuracies.iter().enumerate().map(epoch).collect(),
            test: None,
            data: Some(DataIdentity {
                name: "some".into(),
                train_images: 300,
                validation_images: 100,
                checksum: 1,
            }),
            has_model: true,
            origin: None,
            steering: Vec::new(),
            checkpoints: vec![1],
            in_use: false,
        }
    }

    fn names(folds: &[Fold]) -> Vec<Vec<&str>> {
        let mut found = Vec::new();
        for fold in folds {
            found.push(fold.runs.iter().map(|run| run.name.as_str()).collect());
        }
        found
    }

    #[test]
    fn runs_fold_where_only_the_seed_differs() {
        let mut other_data = run("d", 4, &[0.1, 0.2]);
        other_data.data.as_mut().unwrap().checksum = 2;
        let mut other_spec = run("e", 5, &[0.1, 0.2]);
        other_spec.spec = Ok(preset("lenet5").unwrap().with_seed(5));
        let mut unknown = run("f", 6, &[0.1, 0.2]);
        unknown.data = None;
        let elsewhere = run("sweep/g", 7, &[0.1, 0.2]);
        let mut broken = run("h", 8, &[]);
        broken.spec = Err("no".into());
        let runs: Vec<Arc<PastRun>> = [
            run("a", 1, &[0.1, 0.2]),
            other_data,
            run("b", 2, &[0.1, 0.4]),
            run("b again", 2, &[0.1, 0.4]),
            other_spec,
            unknown,
            elsewhere,
            broken,
            run("c", 3, &[0.9]),
        ]
        .map(Arc::new)
        .to_vec();
        let folds = Fold::of(&runs);
        let expected: [&[&str]; 7] = [
            &["a", "b", "c"],
            &["d"],
            &["b again"],
            &["e"],
            &["f"],
            &["sweep/g"],
            &["h"],
        ];
        assert_eq!(names(&folds), expected);
        // The third has an epoch left, and is not counted.
        let fold = &folds[0];
        let around = Fold::around(&runs[2], &runs);
        assert_eq!(names(std::slice::from_ref(&around)), [["b", "a", "c"]]);
        assert_eq!(around.last().unwrap().count, 2);
        let last = fold.last().unwrap();
        assert_eq!((fold.complete().len(), last.count), (2, 2));
        assert!((last.mean - 0.3).abs() < 1e-12 && fold.best() == fold.last());
        assert_eq!(fold.test(), None);
        let band = fold.band(|epoch| Some(epoch.validation_accuracy));
        assert_eq!(band.len(), 2);
        assert!((band[1].1.std.unwrap() - 0.02_f64.sqrt()).abs() < 1e-12);
        assert_eq!(fold.band(|epoch| epoch.train_eval_loss), []);
    }
}
