//! Which images are shown, in which order.

use crate::data::Split;
use crate::insight::{Group, Stories};
use crate::runs::History;
use crate::text::grouped;
use crate::train::Evaluation;
use crate::tui::shared::Shared;

/// A choice of validation images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every image.
    #[default]
    All,
    /// Those predicted wrongly.
    Wrong,
    /// Those predicted wrongly, the most confident predictions first.
    ConfidentMistakes,
    /// Every image, the least confident predictions first.
    LeastConfident,
    /// Those that the audit found suspicious, the worst first.
    Suspicious,
    /// Those of a class.
    Class(usize),
    /// Those with a story of this kind.
    Story(Group),
    /// Those of a class that were predicted as a class: a cell of the confusion matrix.
    Cell {
        /// True class.
        truth: usize,
        /// Predicted class.
        predicted: usize,
    },
}

impl Filter {
    /// Whether it needs a model's predictions.
    pub fn needs_predictions(self) -> bool {
        !matches!(self, Self::All | Self::Class(_) | Self::Suspicious)
    }

    /// Whether its images have an order of their own, so that the first ones matter.
    pub fn is_sorted(self) -> bool {
        matches!(
            self,
            Self::ConfidentMistakes
                | Self::LeastConfident
                | Self::Suspicious
                | Self::Story(Group::LearntLate | Group::Forgotten)
        )
    }

    /// What it is called.
    pub fn name(self, shared: &Shared) -> String {
        let class = |class| shared.class_name(class);
        match self {
            Self::All => "all".into(),
            Self::Wrong => "wrong".into(),
            Self::ConfidentMistakes => "most confident mistakes".into(),
            Self::LeastConfident => "least confident".into(),
            Self::Suspicious => "suspicious".into(),
            Self::Class(of) => class(of),
            Self::Story(group) => group.name().into(),
            Self::Cell { truth, predicted } if truth == predicted => {
                format!("{} recognised", class(truth))
            }
            Self::Cell { truth, predicted } => {
                format!("{} taken for {}", class(truth), class(predicted))
            }
        }
    }

    /// The filter and how many images it holds: `wrong: 37 of 1,104`.
    pub fn count(self, images: usize, total: usize, shared: &Shared) -> String {
        let name = self.name(shared);
        if images == total {
            format!("{name}: {}", grouped(total as u64))
        } else {
            format!(
                "{name}: {} of {}",
                grouped(images as u64),
                grouped(total as u64)
            )
        }
    }

    /// The kinds of stories that can be chosen, in this order.
    pub const STORIES: [Self; 4] = [
        Self::Story(Group::LearntLate),
        Self::Story(Group::Forgotten),
        Self::Story(Group::NeverRight),
        Self::Story(Group::AlwaysRight),
    ];

    /// Positions of its images among the validation images, whose history may be known; those of the
    /// `suspicious` ones are given.
    pub fn select(
        self,
        split: &Split,
        evaluation: Option<&Evaluation>,
        history: Option<&History>,
        suspicious: &[u32],
    ) -> Vec<u32> {
        let labels = &split.labels;
        if let Self::Story(group) = self {
            let stories = history.map(Stories::new);
            return stories.map_or_else(Vec::new, |stories| stories.images(group));
        }
        let Some(evaluation) = evaluation else {
            return match self {
                Self::All => (0..labels.len() as u32).collect(),
                Self::Class(class) => matching(labels, |_, label| label == class),
                Self::Suspicious => suspicious.to_vec(),
                _ => Vec::new(),
            };
        };
        let predicted = |image: usize| evaluation.predictions.get(image).copied().map(usize::from);
        let wrong = |image: usize, label: usize| predicted(image).is_some_and(|it| it != label);
        match self {
            Self::All => (0..labels.len() as u32).collect(),
            Self::Class(class) => matching(labels, |_, label| label == class),
            Self::Suspicious => suspicious.to_vec(),
            Self::Wrong => matching(labels, wrong),
            Self::Story(_) => Vec::new(),
            Self::Cell {
                truth,
                predicted: as_class,
            } => matching(labels, |image, label| {
                label == truth && predicted(image) == Some(as_class)
            }),
            Self::ConfidentMistakes => {
                let mut images = matching(labels, wrong);
                // Stable: equals stay in the order of the data.
                images.sort_by(|a, b| {
                    confidence(evaluation, *b).total_cmp(&confidence(evaluation, *a))
                });
                images
            }
            Self::LeastConfident => {
                let mut images = matching(labels, |image, _| predicted(image).is_some());
                images.sort_by(|a, b| {
                    confidence(evaluation, *a).total_cmp(&confidence(evaluation, *b))
                });
                images
            }
        }
    }
}

fn matching(labels: &[u8], keep: impl Fn(usize, usize) -> bool) -> Vec<u32> {
    let images = labels.iter().enumerate();
    images
        .filter(|(image, label)| keep(*image, usize::from(**label)))
        .map(|(image, _)| image as u32)
        .collect()
}

/// Probability of the predicted class.
fn confidence(evaluation: &Evaluation, image: u32) -> f32 {
    let image = image as usize;
    let predicted = evaluation.predictions.get(image).copied().unwrap_or(0);
    let all = probabilities(evaluation, image);
    all.get(usize::from(predicted)).copied().unwrap_or(0.0)
}

/// The probabilities of an image's classes; empty where there are none.
pub fn probabilities(evaluation: &Evaluation, image: usize) -> &[f32] {
    let classes = evaluation.confusion.classes();
    let start = image.saturating_mul(classes);
    evaluation
        .probabilities
        .get(start..start.saturating_add(classes))
        .unwrap_or(&[])
}
