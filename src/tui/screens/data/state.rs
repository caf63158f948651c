//! The screen's state and what changes it.

use super::audit::AuditView;
use super::facts::{Facts, Kind};
use super::import::ImportView;
use super::keys::DataAction;
use crate::data::Dataset;
use crate::tui::effect::Effect;
use crate::tui::shared::Shared;
use std::cell::Cell;
use std::sync::Arc;

/// The screen's state.
#[derive(Debug, Default)]
pub struct Data {
    /// The data set in use; none until it is read.
    pub(super) facts: Option<Facts>,
    /// The chosen class.
    pub(super) class: usize,
    /// Which of its images are shown.
    pub(super) kind: Kind,
    /// Positions of these in their split.
    pub(super) images: Vec<u32>,
    /// An example of the page that is shown, a position in `images`.
    pub(super) position: usize,
    /// Examples of a page where it was drawn last.
    pub(super) page: Cell<usize>,
    /// Suspicious images.
    pub(super) audit: AuditView,
    /// The import of other pictures.
    pub(super) import: ImportView,
    /// What would be imported, as this screen would show it.
    pub(super) preview: Option<Box<Data>>,
}

impl Data {
    /// Follows a change of the data. Costs nothing when it has not changed.
    pub(super) fn data_changed(&mut self, shared: &Shared) {
        let dataset = shared.dataset();
        let counted = self.facts.as_ref().map(|facts| &facts.dataset);
        let same = match (counted, dataset) {
            (Some(counted), Some(dataset)) => Arc::ptr_eq(counted, dataset),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.facts = dataset.map(Facts::of);
            self.choose(self.class, self.kind);
        }
        self.audit.follow(shared);
    }

    /// Shows the first examples of a class.
    pub(super) fn choose(&mut self, class: usize, kind: Kind) {
        let classes = self.facts.as_ref().map_or(0, Facts::classes);
        self.class = class.min(classes.saturating_sub(1));
        self.kind = kind;
        self.position = 0;
        self.images = match &self.facts {
            Some(facts) => {
                let labels = facts.split(kind).0.labels.iter().enumerate();
                labels
                    .filter(|(_, label)| usize::from(**label) == self.class)
                    .map(|(image, _)| image as u32)
                    .collect()
            }
            None => Vec::new(),
        };
    }

    /// Carries out an action.
    pub fn update(&mut self, action: DataAction, shared: &mut Shared) -> Vec<Effect> {
        if self.import.is_open() {
            return self.update_import(action, shared);
        }
        if action == DataAction::Import {
            self.import.open();
            return Vec::new();
        }
        self.data_changed(shared);
        if self.facts.is_none() {
            shared.say("the data is not there yet");
            return Vec::new();
        }
        if self.audit.is_open() {
            return self.audit.update(action, shared);
        }
        if action == DataAction::Suspicious {
            return self.audit.open(self.kind, shared);
        }
        self.browse(action);
        Vec::new()
    }

    /// Chooses among classes and images.
    fn browse(&mut self, action: DataAction) {
        let page = self.page.get().max(1);
        let first = self.position / page * page;
        match action {
            DataAction::Up => self.choose(self.class.saturating_sub(1), self.kind),
            DataAction::Down => self.choose(self.class + 1, self.kind),
            DataAction::First => self.choose(0, self.kind),
            DataAction::Last => self.choose(usize::MAX, self.kind),
            DataAction::PreviousPage => self.position = first.saturating_sub(page),
            DataAction::NextPage if first + page < self.images.len() => {
                self.position = first + page;
            }
            DataAction::NextPage => {}
            DataAction::SwitchSplit => self.choose(self.class, self.kind.other()),
            // Of the other views alone.
            DataAction::Suspicious
            | DataAction::NextReason
            | DataAction::Audit
            | DataAction::WriteList
            | DataAction::Import
            | DataAction::Accept
            | DataAction::Complete
            | DataAction::Back => {}
        }
    }

    /// Carries out an action while pictures are imported.
    fn update_import(&mut self, action: DataAction, shared: &mut Shared) -> Vec<Effect> {
        let Some(preview) = self.preview.as_mut().filter(|_| self.import.is_preview()) else {
            return self.import.update(action, shared);
        };
        match action {
            DataAction::Accept => {
                self.preview = None;
                self.import.write()
            }
            DataAction::Back => {
                self.preview = None;
                self.import.close()
            }
            action => {
                preview.browse(action);
                Vec::new()
            }
        }
    }

    /// Shows what would be imported.
    pub(super) fn show_preview(&mut self, dataset: &Arc<Dataset>) {
        let mut preview = Self {
            facts: Some(Facts::of(dataset)),
            ..Self::default()
        };
        preview.choose(0, Kind::default());
        self.preview = Some(Box::new(preview));
    }
}
