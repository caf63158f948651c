//! The Design screen.

use crate::spec::{PRESETS, Problem, Spec};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keys::{Binding, Context, Key};
use crate::tui::shared::Shared;
use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use std::path::PathBuf;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DesignAction {
    /// The entry above.
    Up,
    /// The entry below.
    Down,
}

/// The screen's keys.
pub const KEYS: &[Binding] = &[
    Binding::new(
        Context::Design,
        &[Key::plain(KeyCode::Up), Key::char('k')],
        Action::Design(DesignAction::Up),
        "",
        "up",
    ),
    Binding::new(
        Context::Design,
        &[Key::plain(KeyCode::Down), Key::char('j')],
        Action::Design(DesignAction::Down),
        "",
        "down",
    ),
];

/// The screen's state.
#[derive(Debug)]
pub struct Design {
    spec: Spec,
}

impl Default for Design {
    fn default() -> Self {
        let preset = PRESETS.iter().find(|entry| entry.name == "bn-dropout");
        let spec = preset.and_then(|entry| serde_json::from_str(entry.json).ok());
        Self {
            spec: spec.unwrap_or_else(Spec::smallest),
        }
    }
}

impl Design {
    /// The network as it is now.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Whether there are edits that are in no file.
    pub fn has_unsaved_edits(&self) -> bool {
        false
    }

    /// Takes note that the network as it is now is in a file.
    pub fn saved(&mut self) {}

    /// Puts another network in place; undo brings the one before back.
    pub fn open(&mut self, spec: Spec) {
        self.spec = spec;
    }

    /// Shows what is wrong, at its layer or field.
    pub fn show_problem(&mut self, _problem: &Problem) {}

    /// Leaves the JSON editor without its text.
    pub fn drop_text(&mut self) {}

    /// Takes the spec files of the working directory for the picker.
    pub fn list_specs(&mut self, _specs: Vec<(PathBuf, Result<Spec, String>)>) {}

    /// Where keys go while this screen has them.
    pub fn context(&self) -> Context {
        Context::Design
    }

    /// Carries out an action.
    pub fn update(&mut self, _action: DesignAction, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a key that the key table has no action for, where text is typed.
    pub fn type_key(&mut self, _key: KeyEvent, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a click or the wheel inside `area`, the one it was last drawn in.
    pub fn mouse(&mut self, _mouse: MouseEvent, _area: Rect, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Draws the screen.
    pub fn draw(&self, _frame: &mut Frame<'_>, _area: Rect, _shared: &Shared) {}
}
