//! What an audit found, image by image.

use super::checked::Checked;
use super::confident::LabelIssue;
use super::labels::Labels;
use super::part::Part;
use super::twins::Twin;
use super::unusual::Oddity;
use crate::data::Dataset;
use std::collections::HashSet;

/// Why an image is suspicious.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// Its label is likely wrong.
    Label(LabelIssue),
    /// An image of the other split is nearly the same.
    Across(Twin),
    /// It repeats an image before it.
    Repeats(Twin),
    /// All its pixels are the same.
    Constant,
    /// It looks like the negative of its class's images.
    Inverted,
}

impl Reason {
    /// The image that it is compared with.
    pub fn twin(&self) -> Option<Twin> {
        match self {
            Self::Across(twin) | Self::Repeats(twin) => Some(*twin),
            Self::Label(_) | Self::Constant | Self::Inverted => None,
        }
    }
}

/// An image with a reason why it is suspicious; an image with several reasons has several findings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Where it is.
    pub part: Part,
    /// Its number there, from 0.
    pub image: u32,
    /// Why it is suspicious.
    pub reason: Reason,
}

/// All findings of an audit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Training images first; of each split the wrong labels, then images that are in the other split too, then
    /// repeated ones, then unusual ones. The worst first.
    pub all: Vec<Finding>,
}

impl Findings {
    /// What was found, with the labels if they were checked.
    pub fn of(dataset: &Dataset, checked: &Checked, labels: Option<&Labels>) -> Self {
        let mut all = Vec::new();
        for part in Part::BOTH {
            let found = |(image, reason): (u32, Reason)| Finding {
                part,
                image,
                reason,
            };
            let issues = labels.map_or(&[][..], |labels| match part {
                Part::Training => &labels.training,
                Part::Validation => &labels.validation,
            });
            let issues = issues
                .iter()
                .map(|issue| (issue.image, Reason::Label(*issue)));
            all.extend(issues.map(found));
            let images = 0..part.split(dataset).len();
            let twins = &checked.twins;
            let mut across: Vec<(u32, Twin)> = images
                .clone()
                .filter_map(|image| Some((image as u32, twins.across(part, image)?)))
                .collect();
            across.sort_by(|a, b| b.1.correlation.total_cmp(&a.1.correlation));
            all.extend(
                across
                    .into_iter()
                    .map(|(image, twin)| (image, Reason::Across(twin)))
                    .map(found),
            );
            let mut earlier: Vec<(u32, Twin)> = images
                .filter_map(|image| Some((image as u32, twins.earlier(part, image)?)))
                .collect();
            earlier.sort_by(|a, b| b.1.correlation.total_cmp(&a.1.correlation));
            all.extend(
                earlier
                    .into_iter()
                    .map(|(image, twin)| (image, Reason::Repeats(twin)))
                    .map(found),
            );
            let odd = checked.unusual[part as usize]
                .iter()
                .map(|(image, oddity)| {
                    let reason = match oddity {
                        Oddity::Constant => Reason::Constant,
                        Oddity::Inverted => Reason::Inverted,
                    };
                    (*image, reason)
                });
            all.extend(odd.map(found));
        }
        Self { all }
    }

    /// Those of a split whose reason is wanted.
    pub fn those(&self, part: Part, wanted: impl Fn(&Reason) -> bool) -> Vec<&Finding> {
        let found = self.all.iter().filter(|finding| finding.part == part);
        found.filter(|finding| wanted(&finding.reason)).collect()
    }

    /// Those about an image.
    pub fn about(&self, part: Part, image: u32) -> impl Iterator<Item = &Finding> {
        let all = self.all.iter();
        all.filter(move |finding| finding.part == part && finding.image == image)
    }

    /// The suspicious images of a split, each once, in the order of the findings.
    pub fn images(&self, part: Part) -> Vec<u32> {
        let mut seen = HashSet::new();
        let of_part = self.all.iter().filter(|finding| finding.part == part);
        let images = of_part.map(|finding| finding.image);
        images.filter(|image| seen.insert(*image)).collect()
    }
}
