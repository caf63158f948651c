//! The state of an import, and what its keys do.

use super::form::Form;
use crate::data::import::ImportEvent;
use crate::text::common_beginning;
use crate::tui::effect::{Effect, Job};
use crate::tui::message::ImportNews;
use crate::tui::screens::data::keys::DataAction;
use crate::tui::shared::Shared;
use crossterm::event::KeyEvent;

/// How far an import is.
#[derive(Debug, Default)]
pub enum Phase {
    /// The form is filled in; what was wrong with the last attempt.
    #[default]
    Form,
    /// Pictures become images, or are written.
    Working(Option<ImportEvent>),
    /// The images can be looked at: what was done to the pictures.
    Preview(Vec<String>),
}

/// The import pane.
#[derive(Debug, Default)]
pub struct ImportView {
    is_open: bool,
    pub(super) form: Form,
    pub(super) phase: Phase,
    /// Why the last attempt failed.
    pub(super) failed: Option<String>,
    /// Whether the images are being written.
    pub(super) is_writing: bool,
    /// First line of the form on the screen, as last drawn.
    pub(super) top: std::cell::Cell<u16>,
}

impl ImportView {
    /// Whether the pane is open.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether the images can be looked at.
    pub fn is_preview(&self) -> bool {
        self.is_open && matches!(self.phase, Phase::Preview(_)) && !self.is_writing
    }

    /// What was done to the pictures that are looked at.
    pub fn about(&self) -> &[String] {
        match &self.phase {
            Phase::Preview(about) => about,
            _ => &[],
        }
    }

    /// Opens the pane.
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Closes what is open: the work under way, the preview, or the pane.
    pub fn close(&mut self) -> Vec<Effect> {
        match std::mem::take(&mut self.phase) {
            Phase::Form => {
                self.is_open = false;
                Vec::new()
            }
            Phase::Working(_) | Phase::Preview(_) => {
                self.is_writing = false;
                vec![Effect::DropImport]
            }
        }
    }

    /// Takes a key of the text.
    pub fn type_key(&mut self, key: KeyEvent) {
        if !matches!(self.phase, Phase::Form) {
            return;
        }
        self.form.type_key(key);
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        if matches!(self.phase, Phase::Form) {
            self.form.paste(text);
        }
    }

    /// Takes the completions of a path.
    pub fn complete(&mut self, typed: &str, paths: &[String]) {
        let common = common_beginning(paths).to_owned();
        let Some(field) = self.form.text().filter(|field| field.text() == typed) else {
            return;
        };
        if common.len() > typed.len() {
            field.set(&common);
        }
        self.form.completions = paths.to_vec();
    }

    /// Carries out an action of the form.
    pub fn update(&mut self, action: DataAction, shared: &mut Shared) -> Vec<Effect> {
        if let (Phase::Working(_), true) = (&self.phase, action != DataAction::Back) {
            return Vec::new();
        }
        let form = &mut self.form;
        match action {
            DataAction::Up => form.go(form.cursor.saturating_sub(1)),
            DataAction::Down => form.go(form.cursor + 1),
            DataAction::NextPage => form.step(true),
            DataAction::PreviousPage => form.step(false),
            DataAction::Complete => match form.text().filter(|field| !field.text().is_empty()) {
                Some(field) => return vec![Job::CompletePath(field.text().to_owned()).into()],
                None => form.go(form.cursor + 1),
            },
            DataAction::Accept => match form.order() {
                Some(order) => {
                    self.failed = None;
                    self.phase = Phase::Working(None);
                    return vec![Effect::LookAtImport(Box::new(order))];
                }
                None => shared.say("name a folder, a file or an archive with pictures first"),
            },
            DataAction::Back => return self.close(),
            _ => {}
        }
        Vec::new()
    }

    /// Writes what is looked at.
    pub fn write(&mut self) -> Vec<Effect> {
        self.is_writing = true;
        self.phase = Phase::Working(None);
        vec![Effect::WriteImport]
    }

    /// Takes news of the import.
    pub fn observe(&mut self, news: &ImportNews) {
        match news {
            ImportNews::At(event) => {
                if let Phase::Working(at) = &mut self.phase {
                    *at = Some(*event);
                }
            }
            ImportNews::Prepared { about, .. } => {
                if let Phase::Working(_) = self.phase {
                    self.phase = Phase::Preview(about.clone());
                }
            }
            ImportNews::Done(_) => *self = Self::default(),
            ImportNews::Stopped => self.back_to_form(),
            ImportNews::Failed(reason) => {
                self.back_to_form();
                self.failed = Some(reason.clone());
            }
        }
    }

    fn back_to_form(&mut self) {
        self.phase = Phase::Form;
        self.is_writing = false;
    }
}
