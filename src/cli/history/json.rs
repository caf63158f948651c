//! What programs read.

use super::told::Told;
use crate::cli::output::notice_of;
use crate::insight::{EpochChange, Fate, Group, Stories, Story, Then};
use crate::stats::standard_error;
use serde::Serialize;
use std::path::Path;

/// The object `--json` prints.
#[derive(Serialize)]
pub struct Line<'a> {
    #[serde(flatten)]
    about: About<'a>,
    epochs: Vec<EpochLine>,
    stories: Vec<GroupLine>,
}

#[derive(Serialize)]
struct About<'a> {
    run: &'a Path,
    name: &'a str,
    dataset: &'a str,
    notice: Option<&'static str>,
    images: usize,
    class_names: &'a [String],
}

#[derive(Serialize)]
struct EpochLine {
    epoch: usize,
    accuracy: f64,
    accuracy_error: f64,
    loss: f64,
    learnt: Option<usize>,
    forgotten: Option<usize>,
    /// Mean over the images.
    probability_of_true_class: Option<f64>,
    /// True classes by predicted classes.
    confusion: Vec<Vec<u64>>,
}

#[derive(Serialize)]
struct GroupLine {
    story: &'static str,
    count: usize,
    /// Positions.
    images: Vec<u32>,
}

/// The object `--image N --json` prints.
#[derive(Serialize)]
pub struct ImageLine<'a> {
    #[serde(flatten)]
    about: About<'a>,
    image: usize,
    true_class: usize,
    story: &'static str,
    right_since: Option<usize>,
    forgotten: usize,
    epochs: Vec<ThenLine>,
}

#[derive(Serialize)]
struct ThenLine {
    epoch: usize,
    class: usize,
    right: bool,
    /// Of all classes, in steps of 1/255; none where only the class is kept.
    probabilities: Option<Vec<f32>>,
}

impl Told {
    fn about(&self) -> About<'_> {
        About {
            run: &self.run.run.path,
            name: &self.run.name,
            dataset: &self.dataset,
            notice: notice_of(&self.dataset),
            images: self.history.labels().len(),
            class_names: &self.class_names,
        }
    }

    /// All epochs and stories.
    pub fn line(&self, stories: &Stories) -> Line<'_> {
        let epoch = |epoch: &EpochChange| EpochLine {
            epoch: epoch.epoch,
            accuracy: epoch.accuracy,
            accuracy_error: standard_error(epoch.accuracy, self.history.labels().len()),
            loss: epoch.loss,
            learnt: epoch.learnt,
            forgotten: epoch.forgotten,
            probability_of_true_class: epoch.probability,
            confusion: self.confusion(epoch.epoch),
        };
        let group = |group: Group| {
            let images = stories.images(group);
            GroupLine {
                story: group.name(),
                count: images.len(),
                images,
            }
        };
        Line {
            about: self.about(),
            epochs: stories.epochs.iter().map(epoch).collect(),
            stories: Group::ALL.map(group).into(),
        }
    }

    fn confusion(&self, epoch: usize) -> Vec<Vec<u64>> {
        let classes = 0..self.history.classes();
        let evaluation = self.history.evaluation(epoch);
        let row = |truth| {
            let counts = classes.clone().filter_map(|predicted| {
                let confusion = &evaluation.as_ref()?.confusion;
                Some(confusion.count(truth, predicted))
            });
            counts.collect()
        };
        classes.clone().map(row).collect()
    }

    /// The story of an image.
    pub fn image_line(&self, image: usize, story: &Story) -> ImageLine<'_> {
        let Fate {
            group,
            right_since,
            forgotten,
        } = story.fate;
        let then = |then: &Then| {
            let answers = self.history.after(then.epoch);
            let classes = 0..self.history.classes();
            let probabilities =
                classes.map(|class| answers.and_then(|it| it.probability(image, class)));
            ThenLine {
                epoch: then.epoch,
                class: then.predicted,
                right: then.is_right,
                probabilities: probabilities.collect(),
            }
        };
        ImageLine {
            about: self.about(),
            image,
            true_class: story.truth,
            story: group.name(),
            right_since,
            forgotten,
            epochs: story.then.iter().map(then).collect(),
        }
    }
}
