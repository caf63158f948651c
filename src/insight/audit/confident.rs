//! Labels that are likely wrong: confident learning (Northcutt et al. 2021, <https://arxiv.org/abs/1911.00068>). Finds
//! what `cleanlab.filter.find_label_issues(labels, probabilities, filter_by="confident_learning",
//! return_indices_ranked_by="self_confidence")` finds.

/// Probabilities that differ by less count as the same, as in cleanlab.
const CLOSE: f64 = 1e-6;
/// The least that counts as confident, as in cleanlab.
const LEAST: f64 = 2.0 * CLOSE;
/// More than any probability: nothing is taken for a class that has no images.
const NEVER: f64 = 2.0;

/// An image whose label is likely wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelIssue {
    /// Its position.
    pub image: u32,
    /// Its label.
    pub given: u8,
    /// The class that it likely is.
    pub suggested: u8,
    /// The probability of its label: its self-confidence.
    pub of_given: f64,
    /// The probability of the class that it likely is.
    pub of_suggested: f64,
}

/// The images whose labels are likely wrong, the least probable label first. `probabilities` is `[images, classes]`,
/// of a model that did not see the images.
///
/// A class is confident of an image if its probability is at least the mean that it has over the images of its own
/// label. An image counts for the class that is confident of it, of several for the most probable one; it is an issue if
/// that is not its label, and its label is not the most probable class.
///
/// # Panics
/// If the lengths do not belong together, or a label is no class.
pub fn label_issues(probabilities: &[f32], labels: &[u8], classes: usize) -> Vec<LabelIssue> {
    assert_eq!(probabilities.len(), labels.len() * classes, "probabilities");
    let rows = || probabilities.chunks_exact(classes.max(1)).zip(labels);
    let mut sums = vec![(0.0, 0_usize); classes];
    for (row, label) in rows() {
        let (sum, images) = &mut sums[usize::from(*label)];
        *sum += f64::from(row[usize::from(*label)]);
        *images += 1;
    }
    let threshold = |(sum, images): (f64, usize)| match images {
        0 => NEVER,
        images => (sum / images as f64).max(LEAST),
    };
    let thresholds: Vec<f64> = sums.into_iter().map(threshold).collect();
    let mut issues: Vec<LabelIssue> = rows()
        .enumerate()
        .filter_map(|(image, (row, given))| {
            let given = usize::from(*given);
            let suggested = taken_for(row, &thresholds)?;
            let is_issue = suggested != given && most_probable(row, Some(given)) != given;
            is_issue.then(|| LabelIssue {
                image: image as u32,
                given: given as u8,
                suggested: suggested as u8,
                of_given: f64::from(row[given]),
                of_suggested: f64::from(row[suggested]),
            })
        })
        .collect();
    // Of equals the first image comes first.
    issues.sort_by(|a, b| a.of_given.total_cmp(&b.of_given));
    issues
}

/// The class that is confident of an image, of several the most probable one.
fn taken_for(row: &[f32], thresholds: &[f64]) -> Option<usize> {
    let classes = row.iter().zip(thresholds).enumerate();
    let mut confident = classes
        .filter(|(_, (probability, threshold))| f64::from(**probability) >= *threshold - CLOSE)
        .map(|(class, _)| class);
    let first = confident.next()?;
    Some(match confident.next() {
        Some(_) => most_probable(row, None),
        None => first,
    })
}

/// The most probable class, of equals the first; `favoured` wins where it is close.
fn most_probable(row: &[f32], favoured: Option<usize>) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (class, probability) in row.iter().enumerate() {
        let bonus = if favoured == Some(class) { CLOSE } else { 0.0 };
        let probability = f64::from(*probability) + bonus;
        if probability > best.1 {
            best = (class, probability);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;

    #[test]
    fn an_image_that_another_class_is_sure_of_is_an_issue() {
        let probabilities = [
            [0.9, 0.1, 0.0],
            [0.8, 0.2, 0.0],
            [0.1, 0.9, 0.0],
            [0.95, 0.05, 0.0],
            [0.55, 0.45, 0.0],
            [0.2, 0.8, 0.0],
        ];
        // The fourth is sure to be of class 0. The fifth leans to it, but less than its images do.
        let issues = label_issues(&probabilities.concat(), &[0, 0, 1, 1, 1, 1], 3);
        let found: Vec<_> = issues
            .iter()
            .map(|it| (it.image, it.given, it.suggested))
            .collect();
        assert_eq!(found, [(3, 1, 0)]);
        assert!(label_issues(&[], &[], 3).is_empty());
    }

    /// The fixture that `tests/fixtures/label_issues.py` prints: made of the same random numbers there.
    fn fixture() -> (Vec<f32>, Vec<u8>) {
        let (images, classes) = (400, 5);
        let mut random = SplitMix64::new(20);
        let (mut probabilities, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..images {
            let truth = random.below(classes);
            let wrong = random.below(10) == 0;
            let label = if wrong { random.below(classes) } else { truth };
            let mut row: Vec<f32> = (0..classes).map(|_| random.unit() + 0.01).collect();
            row[truth] += 3.0 * random.unit();
            let sum: f32 = row.iter().sum();
            probabilities.extend(row.iter().map(|value| value / sum));
            labels.push(label as u8);
        }
        (probabilities, labels)
    }

    #[test]
    fn the_issues_are_cleanlabs_in_their_order() {
        let (probabilities, labels) = fixture();
        let issues = label_issues(&probabilities, &labels, 5);
        let found: Vec<u32> = issues.iter().map(|issue| issue.image).collect();
        let expected: Vec<u32> = include_str!("cleanlab.txt")
            .split_whitespace()
            .map(|image| image.parse().unwrap())
            .collect();
        assert_eq!(found, expected);
    }
}
