//! What validation images were taken for after each epoch of a run.

use super::kept::{Kept, Share};
use crate::train::{ConfusionMatrix, Evaluation};

/// Probabilities are kept in so many steps from 0 to 1.
const STEPS: f32 = 255.0;

/// What the validation images of a run were taken for after each of its epochs, as far as that is kept. It takes no
/// more than 32 MiB, however long the run is.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    classes: usize,
    labels: Vec<u8>,
    /// In the order of the epochs, which may have gaps.
    epochs: Vec<Answers>,
}

/// What the images were taken for after one epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Mean cross-entropy of the images, in nats.
    pub loss: f64,
    /// The predicted class of each image.
    pub predictions: Vec<u8>,
    /// `[images, classes]`, in 255ths; none where only the predictions are kept.
    pub probabilities: Option<Vec<u8>>,
    /// How many predictions are right.
    correct: usize,
}

impl Answers {
    /// The answers after `epoch` for images of these classes.
    pub(super) fn new(
        epoch: usize,
        loss: f64,
        predictions: Vec<u8>,
        probabilities: Option<Vec<u8>>,
        labels: &[u8],
    ) -> Self {
        let pairs = predictions.iter().zip(labels);
        let correct = pairs
            .filter(|(predicted, label)| predicted == label)
            .count();
        Self {
            epoch,
            loss,
            predictions,
            probabilities,
            correct,
        }
    }

    /// How many predictions are right.
    pub fn correct(&self) -> usize {
        self.correct
    }

    /// Share of the predictions that are right; 0 without images.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.predictions.len().max(1) as f64
    }

    /// The probability of `class` for an image, in steps of 1/255, where it is kept.
    pub fn probability(&self, image: usize, class: usize) -> Option<f32> {
        let probabilities = self.probabilities.as_ref()?;
        let classes = probabilities.len().checked_div(self.predictions.len())?;
        let at = image.checked_mul(classes)?.checked_add(class)?;
        let level = probabilities.get(at).filter(|_| class < classes)?;
        Some(f32::from(*level) / STEPS)
    }
}

impl History {
    /// A history without epochs of images with these true classes.
    pub fn new(classes: usize, labels: &[u8]) -> Self {
        Self {
            classes,
            labels: labels.to_vec(),
            epochs: Vec::new(),
        }
    }

    /// One that was read, with its epochs in ascending order.
    pub(super) fn of(classes: usize, labels: Vec<u8>, epochs: Vec<Answers>) -> Self {
        Self {
            classes,
            labels,
            epochs,
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The true class of each image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The epochs that are kept, the first one first.
    pub fn epochs(&self) -> &[Answers] {
        &self.epochs
    }

    /// Whether it is of images with these true classes.
    pub fn is_of(&self, classes: usize, labels: &[u8]) -> bool {
        self.classes == classes && self.labels == labels
    }

    /// Adds what the images were taken for after `epoch`, and drops what there is no room for any more. Epochs from
    /// that one on are forgotten. An evaluation of other images or classes is not added.
    pub fn add(&mut self, epoch: usize, evaluation: &Evaluation) {
        let images = self.labels.len();
        self.truncate(epoch.saturating_sub(1));
        let fits = evaluation.predictions.len() == images
            && evaluation.confusion.classes() == self.classes;
        let Some(kept) = Kept::after(epoch, images, self.classes).filter(|_| fits && epoch > 0)
        else {
            return;
        };
        let level = |probability: &f32| (probability * STEPS).round() as u8;
        let has_all = evaluation.probabilities.len() == images * self.classes
            && kept.of(epoch, false) == Share::All;
        let probabilities = has_all.then(|| evaluation.probabilities.iter().map(level).collect());
        let predictions = evaluation.predictions.clone();
        self.epochs.push(Answers::new(
            epoch,
            evaluation.loss,
            predictions,
            probabilities,
            &self.labels,
        ));
        self.thin(kept);
    }

    fn thin(&mut self, kept: Kept) {
        let thinned = self.epochs.iter().filter(|it| kept.is_thinned(it.epoch));
        // The first of equals, as everywhere.
        let best = thinned.reduce(|best, other| match other.correct > best.correct {
            true => other,
            false => best,
        });
        let best = best.map(|best| best.epoch);
        self.epochs.retain_mut(|answers| {
            let share = kept.of(answers.epoch, best == Some(answers.epoch));
            if share < Share::All {
                answers.probabilities = None;
            }
            share > Share::Nothing
        });
    }

    /// Forgets the epochs after `epoch`.
    pub fn truncate(&mut self, epoch: usize) {
        self.epochs.retain(|answers| answers.epoch <= epoch);
    }

    /// Puts the epochs of `earlier` that this one does not have before its own, if both are of the same images.
    pub fn put_before(&mut self, mut earlier: Self) {
        if !earlier.is_of(self.classes, &self.labels) {
            return;
        }
        if let Some(first) = self.epochs.first() {
            earlier.truncate(first.epoch.saturating_sub(1));
        }
        earlier.epochs.append(&mut self.epochs);
        *self = earlier;
    }

    /// The evaluation after an epoch that is kept; its probabilities are in steps of 1/255, and empty where only the
    /// predictions are kept.
    pub fn evaluation(&self, epoch: usize) -> Option<Evaluation> {
        let answers = self.after(epoch)?;
        let mut confusion = ConfusionMatrix::new(self.classes);
        for (label, predicted) in self.labels.iter().zip(&answers.predictions) {
            confusion.add(usize::from(*label), usize::from(*predicted));
        }
        let probabilities = answers.probabilities.iter().flatten();
        Some(Evaluation {
            loss: answers.loss,
            accuracy: answers.accuracy(),
            confusion,
            predictions: answers.predictions.clone(),
            probabilities: probabilities
                .map(|level| f32::from(*level) / STEPS)
                .collect(),
        })
    }

    /// What the images were taken for after an epoch that is kept.
    pub fn after(&self, epoch: usize) -> Option<&Answers> {
        let at = self.position(epoch).ok()?;
        self.epochs.get(at)
    }

    /// Where an epoch stands among those that are kept; where it is not, where it would stand.
    ///
    /// # Errors
    /// That place, where the epoch is not kept.
    pub fn position(&self, epoch: usize) -> Result<usize, usize> {
        self.epochs
            .binary_search_by_key(&epoch, |answers| answers.epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An evaluation in which so many of the images, from the first on, are taken for class 0.
    pub fn evaluation(labels: &[u8], classes: usize, zeros: usize) -> Evaluation {
        let mut confusion = ConfusionMatrix::new(classes);
        let mut probabilities = vec![0.0; labels.len() * classes];
        let mut predictions = Vec::new();
        for (image, label) in labels.iter().enumerate() {
            let predicted = if image < zeros { 0 } else { classes - 1 };
            confusion.add(usize::from(*label), predicted);
            predictions.push(predicted as u8);
            probabilities[image * classes + predicted] = 0.75;
            probabilities[image * classes] += 0.25;
        }
        Evaluation {
            loss: zeros as f64,
            accuracy: confusion.accuracy(),
            confusion,
            predictions,
            probabilities,
        }
    }

    #[test]
    fn an_epoch_comes_back_as_it_was() {
        let labels = [0, 1, 2, 0];
        let mut history = History::new(3, &labels);
        history.add(1, &evaluation(&labels, 3, 1));
        history.add(2, &evaluation(&labels, 3, 4));
        let then = history.evaluation(1).unwrap();
        let was = evaluation(&labels, 3, 1);
        assert_eq!(
            (then.loss, then.accuracy, &then.confusion, &then.predictions),
            (was.loss, was.accuracy, &was.confusion, &was.predictions)
        );
        let pairs = then.probabilities.iter().zip(&was.probabilities);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() <= 0.5 / 255.0));
        let probability = history.epochs()[0].probability(1, 2).unwrap();
        assert!((probability - 0.75).abs() < 0.002);
        assert_eq!(history.evaluation(3), None);
        // A run that goes on from an earlier epoch forgets what came after it.
        history.add(2, &evaluation(&labels, 3, 2));
        assert_eq!(history.epochs().len(), 2);
        assert_eq!(history.evaluation(2).unwrap().loss, 2.0);
        history.add(3, &evaluation(&labels[..2], 3, 2));
        assert_eq!(history.epochs().len(), 2);
    }

    #[test]
    fn a_thousand_epochs_stay_within_their_space_and_keep_the_first_the_best_and_the_newest() {
        let labels: Vec<u8> = (0..10_000).map(|image| (image % 10) as u8).collect();
        let mut history = History::new(10, &labels);
        let (poor, good) = (evaluation(&labels, 10, 0), evaluation(&labels, 10, 9));
        let mut most = 0;
        for epoch in 1..=1000 {
            history.add(epoch, if epoch == 400 { &good } else { &poor });
            let bytes = |answers: &Answers| {
                answers.predictions.len() + answers.probabilities.as_ref().map_or(0, Vec::len)
            };
            most = most.max(history.epochs().iter().map(bytes).sum());
        }
        assert!(most < 32 << 20, "{most} bytes");
        assert_eq!(history.epochs().len(), 1000);
        for epoch in [1, 400, 999, 1000] {
            let answers = history.after(epoch).unwrap();
            assert!(answers.probabilities.is_some(), "{epoch}");
        }
    }

    #[test]
    fn an_interruption_leaves_no_trace() {
        // A record of these takes so much that a few epochs stay whole.
        let labels: Vec<u8> = (0..3000).map(|image| (image % 250) as u8).collect();
        let evaluations: Vec<Evaluation> = (0..7)
            .map(|zeros| evaluation(&labels, 256, zeros))
            .collect();
        let add = |history: &mut History, epoch: usize| {
            history.add(epoch, &evaluations[epoch * epoch % 7]);
        };
        let mut whole = History::new(256, &labels);
        let mut broken = whole.clone();
        for epoch in 1..=120 {
            add(&mut whole, epoch);
            add(&mut broken, epoch);
            if epoch % 17 == 0 {
                let back = epoch - 4;
                broken.truncate(back);
                for again in back + 1..=epoch {
                    add(&mut broken, again);
                }
            }
        }
        let is_thinned = |answers: &Answers| answers.probabilities.is_none();
        assert!(whole.epochs().iter().any(is_thinned));
        assert_eq!(broken, whole);
    }
}
