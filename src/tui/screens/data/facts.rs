//! What is counted in a data set, once, when it arrives.

use crate::data::{Dataset, Split};
use crate::text::escape_controls;
use std::sync::Arc;

/// A data set and its counts.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What was counted.
    pub dataset: Arc<Dataset>,
    /// `[classes]`, fit for a terminal.
    pub names: Vec<String>,
    /// Training images, `[classes]`.
    pub train: Vec<usize>,
    /// Validation images, `[classes]`.
    pub validation: Vec<usize>,
}

impl Facts {
    /// Counts the images of each class.
    pub fn of(dataset: &Arc<Dataset>) -> Self {
        let classes = dataset.classes();
        let names = dataset.class_names.iter();
        Self {
            names: names.map(|name| escape_controls(name)).collect(),
            train: dataset.train.class_counts(classes),
            validation: dataset.validation.class_counts(classes),
            dataset: Arc::clone(dataset),
        }
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.names.len()
    }

    /// The name of a class.
    pub fn name(&self, class: usize) -> &str {
        self.names.get(class).map_or("", String::as_str)
    }

    /// The images and their numbers by class, `[classes]`.
    pub fn split(&self, kind: Kind) -> (&Split, &[usize]) {
        match kind {
            Kind::Training => (&self.dataset.train, &self.train),
            Kind::Validation => (&self.dataset.validation, &self.validation),
        }
    }
}

/// What images are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The network learns from them.
    #[default]
    Training,
    /// The network is measured on them.
    Validation,
}

impl Kind {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Training => Self::Validation,
            Self::Validation => Self::Training,
        }
    }

    /// `training` or `validation`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Validation => "validation",
        }
    }
}
