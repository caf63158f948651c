//! What there is to say about a run as its epochs come.

use crate::insight::remark;
use crate::spec::Spec;
use crate::train::{EpochMetrics, Event};

/// The epochs of a run, and what was said about them last.
pub struct Remarks {
    spec: Spec,
    validation_images: usize,
    epochs: Vec<EpochMetrics>,
    said: Option<String>,
}

impl Remarks {
    /// Of a run of `spec`.
    pub fn new(spec: &Spec) -> Self {
        Self {
            spec: spec.clone(),
            validation_images: 0,
            epochs: Vec::new(),
            said: None,
        }
    }

    /// Takes an event. After an epoch: the sentence, if there is something to say.
    pub fn after(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Started(start) => {
                self.validation_images = start.validation_images;
                self.epochs = match &start.resumed {
                    Some(resumed) => resumed.epochs.clone(),
                    None => Vec::new(),
                };
                None
            }
            Event::Epoch { metrics, .. } => {
                self.epochs.push(*metrics);
                let remark = remark(&self.spec, &self.epochs, self.validation_images);
                remark.map(|remark| remark.to_string())
            }
            _ => None,
        }
    }

    /// The same, but nothing where it was said already: a person reads it once.
    pub fn news_after(&mut self, event: &Event) -> Option<String> {
        let remark = self.after(event)?;
        let is_new = self.said.as_ref() != Some(&remark);
        self.said = Some(remark.clone());
        is_new.then_some(remark)
    }
}
