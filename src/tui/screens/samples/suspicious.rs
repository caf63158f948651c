//! What the audit of the data says of the images in view.

use crate::data::{Dataset, Split};
use crate::insight::audit::{Findings, Part, reason};
use crate::tui::shared::Shared;
use std::collections::HashMap;
use std::sync::Arc;

/// The suspicious images among those in view.
#[derive(Debug, Default)]
pub struct Suspicious {
    /// The images in view, and the data, that the rest was computed from.
    split: Option<Arc<Split>>,
    data: Option<Arc<Dataset>>,
    /// Where the images in view stand in the data; images held out stand among the training images.
    places: Option<(Part, Vec<u32>)>,
    findings: Option<Arc<Findings>>,
    /// Positions of the suspicious ones in view, the worst first.
    images: Vec<u32>,
}

impl Suspicious {
    /// Follows a change of the images in view or of the findings; true if there was one.
    pub fn follow(&mut self, split: Option<&Arc<Split>>, shared: &Shared) -> bool {
        let is_same =
            same(self.split.as_ref(), split) && same(self.data.as_ref(), shared.dataset());
        if is_same && same(self.findings.as_ref(), shared.findings()) {
            return false;
        }
        if !is_same {
            self.split = split.cloned();
            self.data = shared.dataset().cloned();
            let both = self.split.as_ref().zip(self.data.as_deref());
            self.places = both.and_then(|(split, data)| places(split, data));
        }
        self.findings = shared.findings().cloned();
        self.images = match (&self.findings, &self.places) {
            (Some(findings), Some((part, places))) => {
                let positions: HashMap<u32, u32> = places.iter().copied().zip(0..).collect();
                let images = findings.images(*part).into_iter();
                images
                    .filter_map(|image| positions.get(&image).copied())
                    .collect()
            }
            _ => Vec::new(),
        };
        true
    }

    /// Whether an audit has found what there is to find, or a part of it.
    pub fn is_known(&self) -> bool {
        self.findings.is_some() && self.places.is_some()
    }

    /// Positions of the suspicious images in view, the worst first.
    pub fn images(&self) -> &[u32] {
        &self.images
    }

    /// Why the image in view at a position is suspicious, in words.
    pub fn reasons(&self, image: usize) -> Vec<String> {
        let (Some(findings), Some((part, places)), Some(data)) =
            (&self.findings, &self.places, &self.data)
        else {
            return Vec::new();
        };
        let Some(number) = places.get(image) else {
            return Vec::new();
        };
        let about = findings.about(*part, *number);
        about.map(|finding| reason(finding, data)).collect()
    }
}

/// Whether both are the same allocation, or both are `None`.
pub fn same<T>(one: Option<&Arc<T>>, other: Option<&Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn places(split: &Arc<Split>, data: &Dataset) -> Option<(Part, Vec<u32>)> {
    if Arc::ptr_eq(split, &data.validation) || **split == *data.validation {
        return Some((Part::Validation, (0..split.len() as u32).collect()));
    }
    let places = split.positions_in(&data.train)?;
    Some((Part::Training, places))
}
