//! One run of the figure.

use crate::plot::style::Rgb;
use crate::train::EpochMetrics;

/// One run of the figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub(super) label: String,
    pub(super) color: Rgb,
    pub(super) epochs: Vec<EpochMetrics>,
    pub(super) best: EpochMetrics,
}

impl Curve {
    /// The value of the best epoch, of the values of all.
    pub(super) fn at_best(&self, values: &[(f64, f64)]) -> Option<(f64, f64)> {
        let epoch = self.best.epoch as f64;
        values.iter().copied().find(|point| point.0 == epoch)
    }
}
