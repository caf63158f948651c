//! Runs that differ by nothing but the seed, as one.

use super::PastRun;
use crate::spec::Spec;
use crate::stats::{Spread, band};
use crate::train::{EpochMetrics, best_epoch};
use std::collections::HashMap;
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
        // Where the fold of runs like this one is.
        let mut places: HashMap<String, usize> = HashMap::new();
        for run in runs {
            let likeness = likeness(run);
            let place = likeness.as_ref().and_then(|likeness| places.get(likeness));
            match place.and_then(|place| folds.get_mut(*place)) {
                Some(fold) if !fold.has_seed_of(run) => fold.runs.push(Arc::clone(run)),
                Some(_) => folds.push(Self::of_one(run)),
                None => {
                    places.extend(likeness.map(|likeness| (likeness, folds.len())));
                    folds.push(Self::of_one(run));
                }
            }
        }
        folds
    }

    fn of_one(run: &Arc<PastRun>) -> Self {
        Self {
            runs: vec![Arc::clone(run)],
        }
    }

    fn has_seed_of(&self, run: &PastRun) -> bool {
        let seed = |run: &PastRun| run.spec.as_ref().ok().map(|spec| spec.seed);
        let mut seeds = self.runs.iter().map(|run| seed(run));
        seeds.any(|other| other == seed(run))
    }

    /// Its runs that are trained to their end: those that count.
    pub fn complete(&self) -> Vec<&PastRun> {
        let runs = self.runs.iter().map(AsRef::as_ref);
        runs.filter(|run| run.is_complete()).collect()
    }

    /// It with those of its runs alone that are trained to their end; none without any.
    pub fn of_complete(self) -> Option<Self> {
        let mut runs = self.runs;
        runs.retain(|run| run.is_complete());
        (!runs.is_empty()).then_some(Self { runs })
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

/// All but the seed that tells a run from others: equal for those that fold. None where its spec or its images
/// cannot be read.
fn likeness(run: &PastRun) -> Option<String> {
    let (Ok(spec), Some(data)) = (&run.spec, &run.data) else {
        return None;
    };
    let spec = Spec {
        seed: 0,
        ..Spec::clone(spec)
    };
    Some(format!(
        "{:?} {data:?} {:?} {:?} {spec:?}",
        run.path.parent(),
        run.origin,
        run.steering
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

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
        let spec = spec.changed(|spec| spec.epochs = 2).unwrap();
        let epochs = accuracies.iter().enumerate().map(epoch).collect();
        PastRun {
            name: name.into(),
            ..PastRun::in_test(&format!("runs/{name}"), Ok(spec), epochs)
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
