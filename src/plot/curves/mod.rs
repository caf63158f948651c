//! Accuracy and loss of one or several runs, epoch by epoch.

mod curve;
mod diagrams;
mod legend;
mod panel;

pub use curve::Curve;
pub use diagrams::{Curves, MAX_CURVES};
