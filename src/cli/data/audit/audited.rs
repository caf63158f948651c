//! What is printed of an audit, as text or as JSON.

use crate::data::Dataset;
use crate::insight::audit::{Checked, Findings, Labels};

/// An audit that is complete.
pub struct Audited {
    /// The data.
    pub dataset: Dataset,
    /// What could be said of it without training.
    pub checked: Checked,
    /// What networks say of its labels, if they were asked.
    pub labels: Option<Labels>,
    /// What was found.
    pub findings: Findings,
}
