//! How far the audit of the data is, and what it found.

use super::message::AuditNews;
use crate::data::Dataset;
use crate::insight::audit::{Findings, Labels, Step};
use std::sync::Arc;

/// Where the audit is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum AuditPhase {
    /// None was begun.
    #[default]
    Idle,
    /// Under way.
    Running(Option<Step>),
    /// Told to stop.
    Stopping,
    /// Stopped before its end.
    Stopped,
    /// Done.
    Done,
    /// Over because of an error.
    Failed,
}

/// The audit of the data in use.
#[derive(Clone, Debug, Default)]
pub struct AuditState {
    /// Where it is.
    pub phase: AuditPhase,
    /// Whether it comes to the labels.
    with_labels: bool,
    /// The data that it is about.
    dataset: Option<Arc<Dataset>>,
    /// What was found so far; none before the quick checks are done.
    pub findings: Option<Arc<Findings>>,
    /// What networks say of the labels, once they are done.
    pub labels: Option<Arc<Labels>>,
}

impl AuditState {
    /// An audit of this data that is being started.
    pub fn started(dataset: Arc<Dataset>, with_labels: bool) -> Self {
        Self {
            phase: AuditPhase::Running(None),
            with_labels,
            dataset: Some(dataset),
            findings: None,
            labels: None,
        }
    }

    /// Whether it is under way, or about to stop.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, AuditPhase::Running(_) | AuditPhase::Stopping)
    }

    /// Whether there is more to find out.
    pub fn is_complete(&self) -> bool {
        self.phase == AuditPhase::Done && self.labels.is_some()
    }

    /// Whether it is about this data.
    pub fn is_about(&self, dataset: &Arc<Dataset>) -> bool {
        let of = self.dataset.as_ref();
        of.is_some_and(|of| Arc::ptr_eq(of, dataset))
    }

    /// Whether labels are not judged although all is done.
    pub fn lacks_labels(&self) -> bool {
        self.phase == AuditPhase::Done && !self.with_labels
    }

    /// Takes a report. One about other data is not for this audit.
    pub fn observe(&mut self, dataset: &Arc<Dataset>, news: AuditNews) {
        if !self.is_about(dataset) {
            return;
        }
        match news {
            AuditNews::At(step) => {
                if self.phase != AuditPhase::Stopping {
                    self.phase = AuditPhase::Running(Some(step));
                }
            }
            AuditNews::Found(findings, labels) => {
                self.findings = Some(findings);
                self.labels = labels;
            }
            AuditNews::Done => self.phase = AuditPhase::Done,
            AuditNews::Stopped => self.phase = AuditPhase::Stopped,
            AuditNews::Failed(_) => self.phase = AuditPhase::Failed,
        }
    }
}
