//! The view's state and what changes it.

use super::geometry::Geometry;
use crate::data::Dataset;
use crate::insight::audit::{Finding, Findings, Part, Reason};
use crate::tui::effect::{Effect, Job};
use crate::tui::screens::data::facts::Kind;
use crate::tui::screens::data::keys::DataAction;
use crate::tui::shared::Shared;
use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

/// The file that the list of images to leave out is written to, in the working directory.
const LIST: &str = "suspicious.txt";

/// Which findings are listed: what they are called, and whether a reason is one.
type Wanted = (&'static str, fn(&Reason) -> bool);

const WANTED: [Wanted; 4] = [
    ("all", |_| true),
    ("labels", |reason| matches!(reason, Reason::Label(_))),
    ("copies", |reason| reason.twin().is_some()),
    ("unusual", |reason| {
        matches!(reason, Reason::Constant | Reason::Inverted)
    }),
];

/// The view of suspicious images.
#[derive(Debug, Default)]
pub struct AuditView {
    is_open: bool,
    /// Of which split.
    pub(super) kind: Kind,
    /// Position in [`WANTED`].
    wanted: usize,
    /// What was found, for the data that it was found in.
    findings: Option<Arc<Findings>>,
    dataset: Option<Arc<Dataset>>,
    /// The findings that are listed.
    pub(super) shown: Vec<Finding>,
    /// The chosen one.
    pub(super) position: usize,
    /// Rows of the list where it was drawn last.
    pub(super) rows: Cell<usize>,
}

impl AuditView {
    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Hides it; false where it was hidden.
    pub fn close(&mut self) -> bool {
        std::mem::take(&mut self.is_open)
    }

    /// Shows it, and audits the data if that was not begun.
    pub fn open(&mut self, kind: Kind, shared: &mut Shared) -> Vec<Effect> {
        self.is_open = true;
        self.kind = kind;
        let effects = shared.begin_audit();
        self.follow(shared);
        self.list();
        effects
    }

    /// Follows the audit. Costs nothing when nothing was found since.
    pub fn follow(&mut self, shared: &Shared) {
        let is_same = match (&self.findings, shared.findings()) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        if !is_same {
            self.findings = shared.findings().cloned();
            self.dataset = shared.dataset().cloned();
            self.list();
        }
    }

    /// What is listed, in a word.
    pub fn wanted(&self) -> &'static str {
        WANTED[self.wanted].0
    }

    /// The chosen finding.
    pub fn chosen(&self) -> Option<&Finding> {
        self.shown.get(self.position)
    }

    /// Lists the findings that are wanted, from the first on.
    fn list(&mut self) {
        let part = match self.kind {
            Kind::Training => Part::Training,
            Kind::Validation => Part::Validation,
        };
        let (_, is_wanted) = WANTED[self.wanted];
        self.shown = self.findings.as_ref().map_or_else(Vec::new, |findings| {
            findings
                .those(part, is_wanted)
                .into_iter()
                .copied()
                .collect()
        });
        self.position = 0;
    }

    /// Carries out an action.
    pub fn update(&mut self, action: DataAction, shared: &mut Shared) -> Vec<Effect> {
        self.follow(shared);
        let last = self.shown.len().saturating_sub(1);
        let page = self.rows.get().max(1);
        match action {
            DataAction::Up => self.position = self.position.saturating_sub(1),
            DataAction::Down => self.position = (self.position + 1).min(last),
            DataAction::PreviousPage => self.position = self.position.saturating_sub(page),
            DataAction::NextPage => self.position = (self.position + page).min(last),
            DataAction::First => self.position = 0,
            DataAction::Last => self.position = last,
            DataAction::SwitchSplit => {
                self.kind = self.kind.other();
                self.list();
            }
            DataAction::NextReason => {
                self.wanted = (self.wanted + 1) % WANTED.len();
                self.list();
            }
            DataAction::Audit if shared.audit.is_complete() => {
                shared.say("the audit is complete");
            }
            DataAction::Audit => return shared.toggle_audit(),
            DataAction::WriteList => return self.write(shared),
            DataAction::Back => {
                self.close();
            }
            // Of the other views alone.
            DataAction::Suspicious
            | DataAction::Import
            | DataAction::Accept
            | DataAction::Complete => {}
        }
        Vec::new()
    }

    /// Writes the list of all suspicious training images.
    fn write(&self, shared: &mut Shared) -> Vec<Effect> {
        let (Some(findings), Some(dataset)) = (&self.findings, &self.dataset) else {
            shared.say("nothing was found yet");
            return Vec::new();
        };
        if findings.images(Part::Training).is_empty() {
            shared.say("no training image is suspicious: there is nothing to leave out");
            return Vec::new();
        }
        let job = Job::WriteList {
            path: PathBuf::from(LIST),
            findings: Arc::clone(findings),
            dataset: Arc::clone(dataset),
        };
        vec![job.into()]
    }

    /// A click chooses a finding, the wheel goes through them.
    pub fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let action = match mouse.kind {
            MouseEventKind::ScrollUp => DataAction::Up,
            MouseEventKind::ScrollDown => DataAction::Down,
            MouseEventKind::Down(_) => {
                let place = Geometry::of(area, self.position, self.shown.len());
                if let Some(position) = place.row_at(Position::new(mouse.column, mouse.row)) {
                    self.position = position;
                }
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        self.update(action, shared)
    }
}
