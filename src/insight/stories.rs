//! How a run came to its answers, image by image: when it learnt an image, and whether it forgot it again
//! (Toneva et al. 2019, <https://arxiv.org/abs/1812.05159>). What counts are the epochs that the history has kept.

use crate::runs::{Answers, History};

/// The stories of a run's validation images.
#[derive(Clone, Debug, PartialEq)]
pub struct Stories {
    /// In the order of the images.
    pub fates: Vec<Fate>,
    /// In the order of the epochs.
    pub epochs: Vec<EpochChange>,
}

/// How it went with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Which kind of story it is.
    pub group: Group,
    /// The epoch from which on it was right to the end; none where the last answer is wrong.
    pub right_since: Option<usize>,
    /// How many times it was right after an epoch and wrong after the next: the forgetting events of the paper.
    pub forgotten: usize,
}

/// Kinds of stories; each image has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Right after every epoch.
    AlwaysRight,
    /// Not at first, but right for good from the first half of the epochs on.
    Learnt,
    /// Right for good only in the second half of the epochs.
    LearntLate,
    /// Right after some epochs, but wrong in the end.
    Forgotten,
    /// Wrong after every epoch.
    NeverRight,
}

/// What an epoch changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochChange {
    /// The epoch.
    pub epoch: usize,
    /// Share of the images that was right after it.
    pub accuracy: f64,
    /// Mean cross-entropy after it, in nats.
    pub loss: f64,
    /// Images that were wrong after the epoch before, and now are right; none for the first.
    pub learnt: Option<usize>,
    /// Images that were right after the epoch before, and now are wrong; none for the first.
    pub forgotten: Option<usize>,
    /// Mean probability of the true class, where probabilities are kept.
    pub probability: Option<f64>,
}

/// The story of one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// In short.
    pub fate: Fate,
    /// Its true class.
    pub truth: usize,
    /// Epoch after epoch.
    pub then: Vec<Then>,
}

/// What was said of an image after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Then {
    /// The epoch.
    pub epoch: usize,
    /// The class it was taken for.
    pub predicted: usize,
    /// Whether that is the true one.
    pub is_right: bool,
    /// The probability of the true class, where it is kept.
    pub of_truth: Option<f32>,
    /// The probability of the predicted class, where it is kept.
    pub of_predicted: Option<f32>,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::AlwaysRight,
        Self::Learnt,
        Self::LearntLate,
        Self::Forgotten,
        Self::NeverRight,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::AlwaysRight => "always right",
            Self::Learnt => "learnt",
            Self::LearntLate => "learnt late",
            Self::Forgotten => "learnt, then forgotten",
            Self::NeverRight => "never right",
        }
    }
}

impl Fate {
    /// That of an image with these answers, epoch after epoch; none without any.
    fn of(answers: impl Iterator<Item = (usize, bool)>) -> Option<Self> {
        let (mut count, mut right, mut forgotten) = (0, 0, 0);
        // Since when it is right: the place among the epochs, and the epoch.
        let mut since: Option<(usize, usize)> = None;
        for (epoch, is_right) in answers {
            if is_right {
                since = since.or(Some((count, epoch)));
                right += 1;
            } else if since.take().is_some() {
                forgotten += 1;
            }
            count += 1;
        }
        let group = match since {
            _ if count == 0 => return None,
            _ if right == count => Group::AlwaysRight,
            _ if right == 0 => Group::NeverRight,
            None => Group::Forgotten,
            Some((place, _)) if 2 * place >= count => Group::LearntLate,
            Some(_) => Group::Learnt,
        };
        Some(Self {
            group,
            right_since: since.map(|(_, epoch)| epoch),
            forgotten,
        })
    }

    /// In a few words.
    pub fn in_short(&self) -> String {
        let name = self.group.name();
        let since = match (self.group, self.right_since) {
            (Group::AlwaysRight, _) | (_, None) => String::new(),
            (_, Some(epoch)) => format!(" (epoch {epoch})"),
        };
        let forgotten = match self.forgotten {
            0 => String::new(),
            times => format!(", forgot {times}×"),
        };
        format!("{name}{since}{forgotten}")
    }

    /// In words.
    pub fn in_words(&self) -> String {
        let name = self.group.name();
        let since = match (self.group, self.right_since) {
            (Group::AlwaysRight, _) | (_, None) => String::new(),
            (_, Some(epoch)) => format!(", right since epoch {epoch}"),
        };
        let forgotten = match self.forgotten {
            0 => String::new(),
            1 => ", forgotten once".to_owned(),
            times => format!(", forgotten {times} times"),
        };
        format!("{name}{since}{forgotten}")
    }
}

impl Stories {
    /// Those of all images.
    pub fn new(history: &History) -> Self {
        let fates = (0..history.labels().len()).filter_map(|image| fate(history, image));
        let before = std::iter::once(None).chain(history.epochs().iter().map(Some));
        let epochs = before.zip(history.epochs());
        Self {
            fates: fates.collect(),
            epochs: epochs
                .map(|(before, answers)| change(history.labels(), before, answers))
                .collect(),
        }
    }

    /// The images of a kind of story: those learnt late with the last one first, those forgotten with the most often
    /// forgotten first, the others in their order.
    pub fn images(&self, group: Group) -> Vec<u32> {
        let fates = self.fates.iter().enumerate();
        let mut found: Vec<(u32, &Fate)> = fates
            .filter(|(_, fate)| fate.group == group)
            .map(|(image, fate)| (image as u32, fate))
            .collect();
        // Stable: equals stay in the order of the data.
        match group {
            Group::LearntLate => {
                found.sort_by_key(|(_, fate)| std::cmp::Reverse(fate.right_since));
            }
            Group::Forgotten => found.sort_by_key(|(_, fate)| std::cmp::Reverse(fate.forgotten)),
            _ => {}
        }
        found.into_iter().map(|(image, _)| image).collect()
    }
}

fn fate(history: &History, image: usize) -> Option<Fate> {
    let label = history.labels().get(image)?;
    let answers = history.epochs().iter();
    Fate::of(answers.filter_map(|answers| {
        let predicted = answers.predictions.get(image)?;
        Some((answers.epoch, predicted == label))
    }))
}

fn change(labels: &[u8], before: Option<&Answers>, answers: &Answers) -> EpochChange {
    let count = |was_right: bool| {
        let before = before?.predictions.iter().zip(&answers.predictions);
        let both = before.zip(labels);
        let changed = both.filter(|((before, now), label)| {
            (before == label) == was_right && (now == label) != was_right
        });
        Some(changed.count())
    };
    let probabilities = labels.iter().enumerate();
    let of_truth: Option<Vec<f64>> = probabilities
        .map(|(image, label)| {
            let probability = answers.probability(image, usize::from(*label))?;
            Some(f64::from(probability))
        })
        .collect();
    let of_truth = of_truth.filter(|probabilities| !probabilities.is_empty());
    EpochChange {
        epoch: answers.epoch,
        accuracy: answers.accuracy(),
        loss: answers.loss,
        learnt: count(false),
        forgotten: count(true),
        probability: of_truth.map(|all| all.iter().sum::<f64>() / all.len() as f64),
    }
}

impl Story {
    /// That of an image; none where there is no such image, or no epoch.
    pub fn of(history: &History, image: usize) -> Option<Self> {
        let fate = fate(history, image)?;
        let truth = usize::from(*history.labels().get(image)?);
        let then = history.epochs().iter().filter_map(|answers| {
            let predicted = usize::from(*answers.predictions.get(image)?);
            Some(Then {
                epoch: answers.epoch,
                predicted,
                is_right: predicted == truth,
                of_truth: answers.probability(image, truth),
                of_predicted: answers.probability(image, predicted),
            })
        });
        Some(Self {
            fate,
            truth,
            then: then.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{ConfusionMatrix, Evaluation};

    /// A history of images of class 1; each text says after which epochs one was right.
    fn history(images: &[&str]) -> History {
        let labels = vec![1; images.len()];
        let mut history = History::new(2, &labels);
        for epoch in 1..=images.first().map_or(0, |image| image.len()) {
            let mut confusion = ConfusionMatrix::new(2);
            let is_right = |image: &&str| image.as_bytes()[epoch - 1] == b'+';
            let predictions: Vec<u8> = images.iter().map(|it| u8::from(is_right(it))).collect();
            predictions
                .iter()
                .for_each(|it| confusion.add(1, usize::from(*it)));
            let of_one = |it: &u8| if *it == 1 { [0.2, 0.8] } else { [0.6, 0.4] };
            let evaluation = Evaluation {
                loss: 0.5,
                accuracy: confusion.accuracy(),
                confusion,
                probabilities: predictions.iter().flat_map(of_one).collect(),
                predictions,
            };
            history.add(epoch, &evaluation);
        }
        history
    }

    #[test]
    fn every_image_has_one_story() {
        let images = [
            "++++", "-+++", "-+-+", "---+", "+--+", "++-+", "-++-", "+-+-", "----",
        ];
        let stories = Stories::new(&history(&images));
        let found: Vec<(Group, Option<usize>, usize)> = stories
            .fates
            .iter()
            .map(|fate| (fate.group, fate.right_since, fate.forgotten))
            .collect();
        assert_eq!(
            found,
            [
                (Group::AlwaysRight, Some(1), 0),
                (Group::Learnt, Some(2), 0),
                (Group::LearntLate, Some(4), 1),
                (Group::LearntLate, Some(4), 0),
                (Group::LearntLate, Some(4), 1),
                (Group::LearntLate, Some(4), 1),
                (Group::Forgotten, None, 1),
                (Group::Forgotten, None, 2),
                (Group::NeverRight, None, 0),
            ]
        );
        // The most often forgotten first.
        assert_eq!(stories.images(Group::Forgotten), [7, 6]);
        let all = Group::ALL.map(|group| stories.images(group).len());
        assert_eq!(all, [1, 1, 4, 2, 1]);
        assert_eq!(
            stories.fates[7].in_words(),
            "learnt, then forgotten, forgotten 2 times"
        );
        assert_eq!(
            stories.fates[2].in_words(),
            "learnt late, right since epoch 4, forgotten once"
        );
    }

    #[test]
    fn an_epoch_learns_and_forgets() {
        let stories = Stories::new(&history(&["++-", "-++", "--+", "---"]));
        let changes: Vec<(Option<usize>, Option<usize>)> = stories
            .epochs
            .iter()
            .map(|epoch| (epoch.learnt, epoch.forgotten))
            .collect();
        assert_eq!(
            changes,
            [(None, None), (Some(1), Some(0)), (Some(1), Some(1))]
        );
        assert_eq!(stories.epochs[1].accuracy, 0.5);
        let probability = stories.epochs[1].probability.unwrap();
        assert!((probability - 0.6).abs() < 0.002, "{probability}");
    }

    #[test]
    fn the_story_of_an_image_is_told_epoch_by_epoch() {
        let history = history(&["-+", "++"]);
        let story = Story::of(&history, 0).unwrap();
        let then: Vec<(usize, usize, bool)> = story
            .then
            .iter()
            .map(|then| (then.epoch, then.predicted, then.is_right))
            .collect();
        assert_eq!(then, [(1, 0, false), (2, 1, true)]);
        assert_eq!((story.truth, story.fate.group), (1, Group::LearntLate));
        assert!((story.then[0].of_truth.unwrap() - 0.4).abs() < 0.002);
        assert_eq!(Story::of(&history, 2), None);
        assert_eq!(Story::of(&History::new(2, &[0]), 0), None);
        assert_eq!(Stories::new(&History::new(2, &[])).fates, []);
    }
}
