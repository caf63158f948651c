//! The confusion matrix.

/// Counts of images by true class (rows) and predicted class (columns).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    classes: usize,
    /// `classes × classes`, row by row.
    counts: Vec<u64>,
}

/// Scores of one class. A ratio whose divisor is 0 is 0: the precision of a class that was never
/// predicted, the recall of one without images, the F1 of one with neither.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScores {
    /// Share of the images predicted as the class that are of it.
    pub precision: f64,
    /// Share of the class's images that were predicted as it.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Images of the class.
    pub images: u64,
}

/// A true class and a wrong prediction of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfusedPair {
    /// The true class.
    pub truth: usize,
    /// The predicted class.
    pub predicted: usize,
    /// How many images.
    pub count: u64,
}

impl ConfusionMatrix {
    /// A matrix of zeros.
    pub fn new(classes: usize) -> Self {
        Self {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Counts one image.
    ///
    /// # Panics
    /// When a class is not below [`classes`](Self::classes).
    pub fn add(&mut self, truth: usize, predicted: usize) {
        assert!(
            truth < self.classes && predicted < self.classes,
            "no such class"
        );
        self.counts[truth * self.classes + predicted] += 1;
    }

    /// Images of class `truth` that were predicted as `predicted`; 0 where there is no such class.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        if truth < self.classes && predicted < self.classes {
            self.counts[truth * self.classes + predicted]
        } else {
            0
        }
    }

    /// All images counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Images predicted correctly.
    pub fn correct(&self) -> u64 {
        (0..self.classes)
            .map(|class| self.count(class, class))
            .sum()
    }

    /// Share of the images predicted correctly; 0 without images.
    pub fn accuracy(&self) -> f64 {
        ratio(self.correct(), self.total())
    }

    /// Precision, recall and F1 of every class.
    pub fn class_scores(&self) -> Vec<ClassScores> {
        (0..self.classes)
            .map(|class| {
                let hits = self.count(class, class);
                let images: u64 = (0..self.classes)
                    .map(|other| self.count(class, other))
                    .sum();
                let predicted: u64 = (0..self.classes)
                    .map(|other| self.count(other, class))
                    .sum();
                ClassScores {
                    precision: ratio(hits, predicted),
                    recall: ratio(hits, images),
                    // 2PR / (P + R), in counts.
                    f1: ratio(2 * hits, images + predicted),
                    images,
                }
            })
            .collect()
    }

    /// The wrong cells that are not 0, the largest first, at most `limit` of them.
    pub fn most_confused(&self, limit: usize) -> Vec<ConfusedPair> {
        let mut pairs: Vec<ConfusedPair> = (0..self.classes)
            .flat_map(|truth| (0..self.classes).map(move |predicted| (truth, predicted)))
            .filter(|(truth, predicted)| truth != predicted && self.count(*truth, *predicted) > 0)
            .map(|(truth, predicted)| ConfusedPair {
                truth,
                predicted,
                count: self.count(truth, predicted),
            })
            .collect();
        // Stable: equal counts stay in the order of the matrix.
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.count));
        pairs.truncate(limit);
        pairs
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[u64]]) -> ConfusionMatrix {
        let mut matrix = ConfusionMatrix::new(rows.len());
        for (truth, row) in rows.iter().enumerate() {
            for (predicted, count) in row.iter().enumerate() {
                for _ in 0..*count {
                    matrix.add(truth, predicted);
                }
            }
        }
        matrix
    }

    #[test]
    fn scores_are_those_worked_out_by_hand() {
        let matrix = matrix(&[&[5, 1, 0], &[2, 6, 0], &[0, 3, 3]]);
        assert_eq!(matrix.total(), 20);
        assert_eq!(matrix.accuracy(), 14.0 / 20.0);
        let scores = matrix.class_scores();
        assert_eq!(scores[0].precision, 5.0 / 7.0);
        assert_eq!(scores[0].recall, 5.0 / 6.0);
        assert_eq!(scores[0].f1, 10.0 / 13.0);
        assert_eq!(scores[1].precision, 0.6);
        assert_eq!(scores[1].recall, 0.75);
        assert_eq!(scores[2].precision, 1.0);
        assert_eq!(scores[2].images, 6);
    }

    #[test]
    fn what_cannot_be_divided_is_zero() {
        let never_predicted = matrix(&[&[2, 0], &[1, 0]]).class_scores()[1];
        assert_eq!(
            (
                never_predicted.precision,
                never_predicted.recall,
                never_predicted.f1
            ),
            (0.0, 0.0, 0.0)
        );
        assert_eq!(ConfusionMatrix::new(3).accuracy(), 0.0);
        assert_eq!(ConfusionMatrix::new(3).class_scores()[0].f1, 0.0);
    }

    #[test]
    fn the_most_confused_pairs_come_first_and_hits_are_left_out() {
        let matrix = matrix(&[&[9, 1, 0], &[4, 9, 0], &[0, 1, 9]]);
        let pair = |truth, predicted, count| ConfusedPair {
            truth,
            predicted,
            count,
        };
        assert_eq!(
            matrix.most_confused(9),
            [pair(1, 0, 4), pair(0, 1, 1), pair(2, 1, 1)]
        );
        assert_eq!(matrix.most_confused(1).len(), 1);
    }
}
