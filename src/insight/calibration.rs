//! How sure a model is, and whether it may be: reliability and expected calibration error (Guo et al. 2017,
//! <https://arxiv.org/abs/1706.04599>), and its accuracy if it may refuse the images it is least sure of.

/// Bins of equal width in which the reliability is measured, as in the paper.
pub const BINS: usize = 15;

/// Shares of the images that are refused, in percent.
const REFUSED: [usize; 7] = [0, 1, 2, 5, 10, 20, 50];

/// How sure a model was of a set of images, and how often it was right.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// Over all images.
    pub all: Reliability,
    /// Over the images that were taken for a class, in the order of the classes.
    pub classes: Vec<Reliability>,
    /// What is gained by refusing images.
    pub refusals: Vec<Refusal>,
}

/// Confidence beside accuracy. The confidence in an image is the probability of the class it is taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// The images.
    pub images: usize,
    /// Their mean confidence; 0 without images.
    pub confidence: f64,
    /// The share that was right; 0 without images.
    pub accuracy: f64,
    /// Expected calibration error: the mean over the images of `|accuracy - confidence|` of their bin.
    pub error: f64,
    /// The bins, from confidence 0 to 1.
    pub bins: Vec<Bin>,
}

/// The images of which the model was about equally sure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many there are.
    pub images: usize,
    /// Their mean confidence; 0 without images.
    pub confidence: f64,
    /// The share that was right; 0 without images.
    pub accuracy: f64,
}

/// What is left when the images are refused that the model is least sure of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refusal {
    /// Refused, in percent of all.
    pub percent: usize,
    /// Images that are left.
    pub images: usize,
    /// The share of them that was right.
    pub accuracy: f64,
    /// The least confidence that is still accepted.
    pub threshold: f64,
}

impl Calibration {
    /// From the predicted class of each image, its probabilities `[images, classes]` and the true classes.
    ///
    /// # Panics
    /// If the lengths do not belong together.
    pub fn new(predictions: &[u8], probabilities: &[f32], labels: &[u8]) -> Self {
        assert_eq!(predictions.len(), labels.len(), "images");
        let classes = probabilities.len() / predictions.len().max(1);
        assert_eq!(
            probabilities.len(),
            classes * predictions.len(),
            "probabilities"
        );
        let answers: Vec<Answer> = predictions
            .iter()
            .zip(labels)
            .enumerate()
            .map(|(image, (&predicted, label))| Answer {
                class: usize::from(predicted),
                confidence: f64::from(probabilities[image * classes + usize::from(predicted)]),
                is_right: predicted == *label,
            })
            .collect();
        let of_class =
            |class| Reliability::of(answers.iter().filter(|answer| answer.class == class));
        Self {
            all: Reliability::of(answers.iter()),
            classes: (0..classes).map(of_class).collect(),
            refusals: refusals(&answers),
        }
    }
}

/// What the model said of an image.
#[derive(Clone, Copy, Debug)]
struct Answer {
    class: usize,
    confidence: f64,
    is_right: bool,
}

impl Reliability {
    fn of<'a>(answers: impl Iterator<Item = &'a Answer>) -> Self {
        let mut sums = [Sums::default(); BINS];
        let mut total = Sums::default();
        for answer in answers {
            // A bin has its upper end, not its lower one, as in the paper.
            let bin = (answer.confidence * BINS as f64).ceil() as usize;
            sums[bin.clamp(1, BINS) - 1].add(answer);
            total.add(answer);
        }
        let bins = sums.map(Sums::bin);
        let gaps = bins.iter().map(|bin| {
            let share = bin.images as f64 / total.images.max(1) as f64;
            share * (bin.accuracy - bin.confidence).abs()
        });
        let error = gaps.sum();
        let Bin {
            images,
            confidence,
            accuracy,
        } = total.bin();
        Self {
            images,
            confidence,
            accuracy,
            error,
            bins: bins.to_vec(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    images: usize,
    confidence: f64,
    right: usize,
}

impl Sums {
    fn add(&mut self, answer: &Answer) {
        self.images += 1;
        self.confidence += answer.confidence;
        self.right += usize::from(answer.is_right);
    }

    fn bin(self) -> Bin {
        let count = self.images.max(1) as f64;
        Bin {
            images: self.images,
            confidence: self.confidence / count,
            accuracy: self.right as f64 / count,
        }
    }
}

fn refusals(answers: &[Answer]) -> Vec<Refusal> {
    let mut sorted = answers.to_vec();
    // The surest first; of equals those stay in their order.
    sorted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let refusal = |percent: usize| {
        let images = sorted.len() - sorted.len() * percent / 100;
        let left = &sorted[..images];
        let right = left.iter().filter(|answer| answer.is_right).count();
        Some(Refusal {
            percent,
            images,
            accuracy: right as f64 / images as f64,
            threshold: left.last()?.confidence,
        })
    };
    REFUSED.into_iter().filter_map(refusal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;

    /// Two classes; the confidences are those of class 0, or of class 1 where they are below a half.
    fn of(confidences: &[f32], labels: &[u8]) -> Calibration {
        let probabilities: Vec<f32> = confidences.iter().flat_map(|p| [*p, 1.0 - p]).collect();
        let predictions: Vec<u8> = confidences.iter().map(|p| u8::from(*p < 0.5)).collect();
        Calibration::new(&predictions, &probabilities, labels)
    }

    #[test]
    fn the_error_is_the_distance_of_confidence_and_accuracy() {
        // Four images with 0.75, three of them right: no error. Two with 1.0, one wrong: 0.5 off.
        let calibration = of(&[0.75, 0.75, 0.75, 0.75, 1.0, 1.0], &[0, 0, 0, 1, 0, 1]);
        assert!((calibration.all.error - 0.5 * 2.0 / 6.0).abs() < 1e-9);
        let bin = calibration.all.bins[11];
        assert_eq!((bin.images, bin.accuracy), (4, 0.75));
        assert_eq!(calibration.all.bins[14].images, 2);
        assert!((calibration.all.confidence - 5.0 / 6.0).abs() < 1e-9);
        // None was taken for the second class.
        assert_eq!(calibration.classes[0], calibration.all);
        assert_eq!(
            (calibration.classes[1].images, calibration.classes[1].error),
            (0, 0.0)
        );
    }

    #[test]
    fn refusing_the_unsure_leaves_the_sure() {
        let confidences: Vec<f32> = (0..100).map(|image| 0.5 + image as f32 / 200.0).collect();
        // The surest half is right.
        let labels: Vec<u8> = (0..100).map(|image| u8::from(image < 50)).collect();
        let refusals = of(&confidences, &labels).refusals;
        let half = refusals.last().unwrap();
        assert_eq!((half.percent, half.images, half.accuracy), (50, 50, 1.0));
        assert!((half.threshold - 0.75).abs() < 1e-6);
        assert_eq!((refusals[0].images, refusals[0].accuracy), (100, 0.5));
        assert_eq!(of(&[], &[]).refusals, []);
    }

    #[test]
    fn who_is_as_sure_as_right_has_little_error() {
        let mut random = SplitMix64::new(3);
        let confidences: Vec<f32> = (0..50_000).map(|_| random.range(0.5, 1.0)).collect();
        let labels: Vec<u8> = confidences
            .iter()
            .map(|p| u8::from(random.range(0.0, 1.0) > *p))
            .collect();
        assert!(of(&confidences, &labels).all.error < 0.01);
    }
}
