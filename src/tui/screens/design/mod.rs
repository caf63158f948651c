//! The Design screen: the stack of layers, how it is trained, and what both are edited with.
//!
//! [`network`] holds the layers and their history, [`table`] what follows from them. Of palette, form,
//! picker and JSON editor at most one is open; while a layer is added or edited the table shows the
//! network as it would be.

mod bridges;
mod draw;
mod filter;
mod filter_list;
mod form;
mod keys;
mod lines;
mod mouse;
mod network;
mod palette;
mod paste;
mod picker;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod training;

pub use keys::{DesignAction, KEYS};

use crate::spec::{PRESETS, Problem, Spec};
use crate::tui::effect::Effect;
use crate::tui::keys::Context;
use crate::tui::overlays::Question;
use crate::tui::shared::{Request, Shared};
use bridges::layers_on;
use crossterm::event::KeyEvent;
use form::{Edited, Form};
use network::{Entry, Network};
use palette::Palette;
use picker::Picker;
use std::path::PathBuf;
use table::Table;
use text::TextEditor;

/// Rows that PgUp and PgDn go.
const PAGE: usize = 10;

/// The screen's state.
#[derive(Debug)]
pub struct Design {
    network: Network,
    /// What is open beside the list or in its place.
    editor: Option<Editor>,
    /// The table of the network, with the edit under way.
    table: Table,
}

/// What can be open.
#[derive(Debug)]
enum Editor {
    Palette(Palette),
    Form(Form),
    Picker(Picker),
    Text(Box<TextEditor>),
}

impl Default for Design {
    fn default() -> Self {
        let preset = PRESETS.iter().find(|entry| entry.name == "bn-dropout");
        let spec = preset.and_then(|entry| serde_json::from_str(entry.json).ok());
        let mut design = Self {
            network: Network::new(spec.unwrap_or_else(Spec::smallest)),
            editor: None,
            table: Table::default(),
        };
        design.compute();
        design
    }
}

impl Design {
    /// The network as it is now.
    pub fn spec(&self) -> &Spec {
        self.network.spec()
    }

    /// Whether there are edits that are in no file.
    pub fn has_unsaved_edits(&self) -> bool {
        self.network.is_changed() || self.text_is_changed()
    }

    fn text_is_changed(&self) -> bool {
        matches!(&self.editor, Some(Editor::Text(text)) if text.is_changed())
    }

    /// Takes note that the network as it is now is in a file.
    pub fn saved(&mut self) {
        self.network.saved();
    }

    /// Puts another network in place; undo brings the one before back.
    pub fn open(&mut self, spec: Spec) {
        // Text that is in nobody's file is not dropped because a model came in meanwhile.
        if !self.text_is_changed() {
            self.editor = None;
        }
        self.network.open(spec);
        self.network.go(0);
        self.compute();
    }

    /// Shows what is wrong, at its layer or field.
    pub fn show_problem(&mut self, problem: &Problem) {
        if self.text_is_changed() {
            return;
        }
        self.editor = None;
        match problem.layer_index() {
            Some(index) => {
                if let Some(row) = self.network.row_of_layer(index) {
                    self.network.go(row);
                }
            }
            None if problem.path.first().is_none_or(|first| first == "layers") => {
                self.network.go(0);
            }
            None => {
                self.network.go(usize::MAX);
                let mut form = Form::new(Edited::Training(Box::new(self.spec().clone())));
                form.mark(problem);
                self.editor = Some(Editor::Form(form));
            }
        }
        self.compute();
    }

    /// Leaves the JSON editor without its text.
    pub fn drop_text(&mut self) {
        self.editor = None;
        self.compute();
    }

    /// Takes the spec files of the working directory for the picker.
    pub fn list_specs(&mut self, specs: Vec<(PathBuf, Result<Spec, String>)>) {
        if let Some(Editor::Picker(picker)) = &mut self.editor {
            picker.list(specs);
        }
    }

    /// Where keys go while this screen has them.
    pub fn context(&self) -> Context {
        match &self.editor {
            None => Context::Design,
            Some(Editor::Palette(_)) => Context::DesignPalette,
            Some(Editor::Form(_)) => Context::DesignForm,
            Some(Editor::Picker(_)) => Context::DesignPicker,
            Some(Editor::Text(_)) => Context::DesignText,
        }
    }

    /// Carries out an action.
    pub fn update(&mut self, action: DesignAction, shared: &mut Shared) -> Vec<Effect> {
        match (&mut self.editor, action) {
            (Some(Editor::Text(text)), DesignAction::Cancel) if text.is_changed() => {
                let question = "The text has changes that are not applied. Leave without them?";
                let request = Request::Ask(Question::DropText, question.into());
                shared.requests.push(request);
            }
            (Some(_), DesignAction::Cancel) => self.editor = None,
            (Some(_), DesignAction::Accept) => self.accept(shared),
            (Some(editor), action) => editor.update(action),
            (None, DesignAction::Open) => {
                self.editor = Some(Editor::Picker(Picker::new()));
                return vec![Effect::ListSpecs];
            }
            (None, action) => self.update_list(action, shared),
        }
        self.compute();
        Vec::new()
    }

    fn update_list(&mut self, action: DesignAction, shared: &mut Shared) {
        let network = &mut self.network;
        let cursor = network.cursor();
        match action {
            DesignAction::Up => network.go(cursor.saturating_sub(1)),
            DesignAction::Down => network.go(cursor + 1),
            DesignAction::PageUp => network.go(cursor.saturating_sub(PAGE)),
            DesignAction::PageDown => network.go(cursor + PAGE),
            DesignAction::First => network.go(0),
            DesignAction::Last => network.go(usize::MAX),
            DesignAction::Add => self.editor = Some(Editor::Palette(Palette::new())),
            DesignAction::Edit | DesignAction::EditTraining => {
                let layer = network.chosen().map(|entry| entry.layer.clone());
                let edited = match layer {
                    Some(layer) if action == DesignAction::Edit => Edited::Layer(layer),
                    _ => Edited::Training(Box::new(network.spec().clone())),
                };
                let form = Form::new(edited);
                if form.len() == 0 {
                    shared.say(format!("{} has no fields to edit", form.title()));
                } else {
                    self.editor = Some(Editor::Form(form));
                }
            }
            DesignAction::EditText => {
                self.editor = Some(Editor::Text(Box::new(TextEditor::new(network.spec()))));
            }
            DesignAction::Write => shared.requests.push(Request::AskWhereToWriteSpec),
            _ => shared.say(self.change(action)),
        }
    }

    /// Changes the list and says what was done.
    fn change(&mut self, action: DesignAction) -> String {
        const NO_LAYER: &str = "the cursor is on no layer";
        let network = &mut self.network;
        match action {
            DesignAction::Delete => match network.delete() {
                Some(layer) => format!("deleted {layer}; p puts it below the cursor"),
                None => NO_LAYER.into(),
            },
            DesignAction::Copy => match network.copy() {
                Some(layer) => format!("copied {layer}; p pastes it below the cursor"),
                None => NO_LAYER.into(),
            },
            DesignAction::Paste if network.paste() => match network.chosen() {
                Some(entry) => format!("pasted {}", entry.layer),
                None => String::new(),
            },
            DesignAction::Paste => "nothing is copied yet; y copies a layer".into(),
            DesignAction::MoveUp | DesignAction::MoveDown => {
                if network.shift(action == DesignAction::MoveDown) {
                    "moved".into()
                } else {
                    "it cannot move further".into()
                }
            }
            DesignAction::Toggle => match (network.toggle(), network.chosen()) {
                (Some(true), Some(entry)) => format!("{} is on", entry.layer),
                (Some(false), Some(entry)) => {
                    format!("{} is off: not part of the network", entry.layer)
                }
                _ => NO_LAYER.into(),
            },
            DesignAction::Undo if network.undo() => "undone; Ctrl-R takes that back".into(),
            DesignAction::Undo => "nothing to undo".into(),
            DesignAction::Redo if network.redo() => "redone".into(),
            DesignAction::Redo => "nothing to redo".into(),
            _ => String::new(),
        }
    }

    /// Takes what the open editor holds, if nothing is wrong with it.
    fn accept(&mut self, shared: &mut Shared) {
        let Some(editor) = self.editor.take() else {
            return;
        };
        let refused = match editor {
            Editor::Palette(palette) => match palette.layer() {
                Some(layer) => {
                    shared.say(format!("added {layer}"));
                    self.network.insert(on(layer.clone()));
                    None
                }
                None => Some((Editor::Palette(palette), "no layer is called that".into())),
            },
            Editor::Form(form) => self
                .apply(form)
                .map(|(form, why)| (Editor::Form(form), why)),
            Editor::Picker(picker) => match picker.spec() {
                Ok(spec) => {
                    shared.requests.push(Request::OpenSpec(Box::new(spec)));
                    None
                }
                Err(error) => Some((Editor::Picker(picker), error)),
            },
            Editor::Text(text) => match text.spec() {
                Ok(spec) => {
                    self.network.replace(spec);
                    shared.say("applied the text; u takes it back");
                    None
                }
                Err(error) => Some((Editor::Text(text), error)),
            },
        };
        if let Some((editor, why)) = refused {
            shared.say(why);
            self.editor = Some(editor);
        }
    }

    /// Applies a form, or gives it back with what is wrong.
    fn apply(&mut self, mut form: Form) -> Option<(Form, String)> {
        if let Some(error) = form.first_error() {
            return Some((form, error));
        }
        match form.edited() {
            Edited::Layer(layer) => self.network.set_layer(layer.clone()),
            Edited::Training(spec) => {
                // A layer that does not fit is shown at the layer.
                if let Err(problem) = spec.check()
                    && problem.layer_index().is_none()
                    && problem.path.first().is_some_and(|first| first != "layers")
                {
                    form.mark(&problem);
                    return Some((form, problem.to_string()));
                }
                self.network.set_training((**spec).clone());
            }
        }
        None
    }

    /// Takes a key that the key table has no action for, where text is typed.
    pub fn type_key(&mut self, key: KeyEvent, _shared: &mut Shared) -> Vec<Effect> {
        match &mut self.editor {
            Some(Editor::Palette(palette)) => palette.type_key(key),
            Some(Editor::Picker(picker)) => picker.type_key(key),
            Some(Editor::Form(form)) => form.type_key(key),
            Some(Editor::Text(text)) => text.type_key(key),
            None => {}
        }
        self.compute();
        Vec::new()
    }

    /// Computes the table of the network with the edit under way.
    fn compute(&mut self) {
        let network = &self.network;
        let mut entries = network.entries().to_vec();
        let mut training = network.spec();
        match &self.editor {
            Some(Editor::Palette(palette)) => {
                if let Some(layer) = palette.layer() {
                    bridges::insert(&mut entries, network.insertion(), on(layer.clone()));
                }
            }
            Some(Editor::Form(form)) => match form.edited() {
                Edited::Layer(layer) => {
                    if let Some(entry) = entries.get_mut(network.cursor()) {
                        entry.layer = layer.clone();
                    }
                }
                Edited::Training(spec) => training = spec,
            },
            Some(Editor::Picker(_) | Editor::Text(_)) | None => {}
        }
        let spec = Spec {
            layers: layers_on(&entries),
            ..training.clone()
        };
        self.table = Table::new(&entries, &spec).scrolled_like(&self.table);
    }

    /// The row with the cursor in the table as it is shown.
    fn shown_cursor(&self) -> usize {
        match &self.editor {
            Some(Editor::Palette(palette)) if palette.layer().is_some() => self.network.insertion(),
            _ => self.network.cursor(),
        }
    }
}

impl Editor {
    fn update(&mut self, action: DesignAction) {
        let down = action == DesignAction::Down;
        match (self, action) {
            (Self::Palette(palette), DesignAction::Up | DesignAction::Down) => {
                palette.filter.step(down);
            }
            (Self::Palette(palette), DesignAction::Clear) => {
                palette.filter.text.clear();
                palette.narrow();
            }
            (Self::Picker(picker), DesignAction::Up | DesignAction::Down) => {
                picker.filter.step(down);
            }
            (Self::Picker(picker), DesignAction::Clear) => {
                picker.filter.text.clear();
                picker.narrow();
            }
            (Self::Form(form), DesignAction::Up | DesignAction::Down) => form.step_field(down),
            (Self::Form(form), DesignAction::Increase) => form.step_value(true),
            (Self::Form(form), DesignAction::Decrease) => form.step_value(false),
            (Self::Form(form), DesignAction::Plus) => form.sign(true),
            (Self::Form(form), DesignAction::Minus) => form.sign(false),
            (Self::Form(form), DesignAction::Clear) => form.clear(),
            (Self::Text(text), DesignAction::Undo) => text.undo(false),
            (Self::Text(text), DesignAction::Redo) => text.undo(true),
            _ => {}
        }
    }
}

fn on(layer: crate::spec::Layer) -> Entry {
    Entry {
        layer,
        enabled: true,
    }
}
