//! What can be said of a data set in seconds.

use super::balance::Balance;
use super::part::Part;
use super::twins::Twins;
use super::unusual::{Oddity, unusual};
use super::watch::Watch;
use crate::data::Dataset;

/// What can be said of a data set without training.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Correlation from which two images count as nearly the same.
    pub similar: f64,
    /// Images that are there twice.
    pub twins: Twins,
    /// Unusual training images, then validation images.
    pub unusual: [Vec<(u32, Oddity)>; 2],
    /// How many images the classes have.
    pub balance: Balance,
}

impl Checked {
    /// Checks a data set; none if it was cancelled. Does not depend on the number of threads.
    pub fn new(dataset: &Dataset, similar: f64, watch: &dyn Watch) -> Option<Self> {
        let classes = dataset.classes();
        Some(Self {
            similar,
            twins: Twins::find(dataset, similar, watch)?,
            unusual: Part::BOTH.map(|part| unusual(part.split(dataset), classes)),
            balance: Balance::of(dataset),
        })
    }
}
