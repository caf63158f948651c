//! What the screen's actions do.

use super::editor::Editor;
use super::entry::Entry;
use super::form::{Edited, Form};
use super::keys::DesignAction;
use super::palette::Palette;
use super::state::Design;
use super::text::TextEditor;
use crate::tui::effect::{Effect, Job};
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::shared::Shared;

/// Rows that PgUp and PgDn go.
const PAGE: usize = 10;

impl Design {
    /// Carries out an action.
    pub fn update(&mut self, action: DesignAction, shared: &mut Shared) -> Vec<Effect> {
        if matches!(self.editor, Some(Editor::Ladder)) {
            let effects = self.update_ladder(action, shared);
            self.compute();
            return effects;
        }
        if matches!(self.editor, Some(Editor::Sweep)) {
            let effects = self.update_sweep(action, shared);
            self.compute();
            return effects;
        }
        if matches!(self.editor, Some(Editor::RateFinder)) {
            let effects = self.update_rate_finder(action, shared);
            self.compute();
            return effects;
        }
        match (&mut self.editor, action) {
            (Some(Editor::Text(text)), DesignAction::Cancel) if text.is_changed() => {
                let question = "The text has changes that are not applied. Leave without them?";
                let request = Request::Ask(Question::DropText, question.into());
                shared.requests.push(request);
            }
            (Some(Editor::Form(form)), DesignAction::Explain(Some(letter)))
                if form.is_at_text() =>
            {
                form.type_letter(letter);
            }
            (_, DesignAction::Explain(_)) => shared.requests.push(Request::Explain),
            (Some(_), DesignAction::Cancel) => self.editor = None,
            (Some(_), DesignAction::Accept) => self.accept(shared),
            (Some(editor), action) => editor.update(action),
            (None, DesignAction::Open) => {
                self.open_picker(shared.dataset().map(|data| &**data));
                return vec![Job::ListSpecs.into()];
            }
            (None, DesignAction::Ladder) => self.open_ladder(shared),
            (None, DesignAction::Sweep) => self.open_sweep(shared),
            (None, DesignAction::FindRate) => return self.open_rate_finder(shared),
            (None, action) => self.update_list(action, shared),
        }
        self.compute();
        Vec::new()
    }

    fn update_list(&mut self, action: DesignAction, shared: &mut Shared) {
        let stack = &mut self.stack;
        let cursor = stack.cursor();
        match action {
            DesignAction::Up => stack.go(cursor.saturating_sub(1)),
            DesignAction::Down => stack.go(cursor + 1),
            DesignAction::PageUp => stack.go(cursor.saturating_sub(PAGE)),
            DesignAction::PageDown => stack.go(cursor + PAGE),
            DesignAction::First => stack.go(0),
            DesignAction::Last => stack.go(usize::MAX),
            DesignAction::Add => self.editor = Some(Editor::Palette(Palette::new())),
            DesignAction::Edit | DesignAction::EditTraining => {
                let layer = stack.chosen().map(|entry| entry.layer.clone());
                let edited = match layer {
                    Some(layer) if action == DesignAction::Edit => Edited::Layer(layer),
                    _ => Edited::Training(Box::new(stack.spec().clone())),
                };
                let form = Form::new(edited);
                if form.len() == 0 {
                    shared.say(format!("{} has no fields to edit", form.title()));
                } else {
                    self.editor = Some(Editor::Form(form));
                }
            }
            DesignAction::EditText => {
                self.editor = Some(Editor::Text(Box::new(TextEditor::new(stack.spec()))));
            }
            DesignAction::NextSeeds => {
                shared.seeds.choose_next();
                let seed = stack.spec().seed;
                shared.say(match shared.seeds.count() {
                    1 => format!("t trains from one seed, {seed}"),
                    count => {
                        let last = seed.wrapping_add(count as u64 - 1);
                        format!(
                            "t trains from {count} seeds, {seed} to {last}, one after the other"
                        )
                    }
                });
            }
            DesignAction::Write => shared.requests.push(Request::AskWhereToWriteSpec),
            _ => shared.say(self.change(action)),
        }
    }

    /// Changes the list and says what was done.
    fn change(&mut self, action: DesignAction) -> String {
        const NO_LAYER: &str = "the cursor is on no layer";
        let stack = &mut self.stack;
        match action {
            DesignAction::Delete => match stack.delete() {
                Some(layer) => format!("deleted {layer}; p puts it below the cursor"),
                None => NO_LAYER.into(),
            },
            DesignAction::Copy => match stack.copy() {
                Some(layer) => format!("copied {layer}; p pastes it below the cursor"),
                None => NO_LAYER.into(),
            },
            DesignAction::Paste if stack.paste() => match stack.chosen() {
                Some(entry) => format!("pasted {}", entry.layer),
                None => String::new(),
            },
            DesignAction::Paste => "nothing is copied yet; y copies a layer".into(),
            DesignAction::MoveUp | DesignAction::MoveDown => {
                if stack.shift(action == DesignAction::MoveDown) {
                    "moved".into()
                } else {
                    "it cannot move further".into()
                }
            }
            DesignAction::Toggle => match (stack.toggle(), stack.chosen()) {
                (Some(true), Some(entry)) => format!("{} is on", entry.layer),
                (Some(false), Some(entry)) => {
                    format!("{} is off: not part of the network", entry.layer)
                }
                _ => NO_LAYER.into(),
            },
            DesignAction::Undo if stack.undo() => "undone; Ctrl-R takes that back".into(),
            DesignAction::Undo => "nothing to undo".into(),
            DesignAction::Redo if stack.redo() => "redone".into(),
            DesignAction::Redo => "nothing to redo".into(),
            _ => String::new(),
        }
    }

    /// Applies the content of the open editor, if nothing is wrong with it.
    fn accept(&mut self, shared: &mut Shared) {
        let Some(editor) = self.editor.take() else {
            return;
        };
        let refused = match editor {
            Editor::Palette(palette) => match palette.layer() {
                Some(layer) => {
                    shared.say(format!("added {layer}"));
                    self.stack.insert(Entry::on(layer.clone()));
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
            // They take their actions themselves.
            Editor::Ladder | Editor::Sweep | Editor::RateFinder => None,
            Editor::Text(text) => match text.spec() {
                Ok(spec) => {
                    self.stack.replace(spec);
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

    /// Applies a form, or returns it with what is wrong.
    fn apply(&mut self, mut form: Form) -> Option<(Form, String)> {
        if let Some(error) = form.first_error() {
            return Some((form, error));
        }
        match form.edited() {
            Edited::Layer(layer) => self.stack.set_layer(layer.clone()),
            Edited::Training(spec) => {
                // A layer that does not fit is shown at the layer.
                if let Err(problem) = spec.check()
                    && problem.layer_index().is_none()
                    && problem.path.first().is_some_and(|first| first != "layers")
                {
                    form.mark(&problem);
                    return Some((form, problem.to_string()));
                }
                self.stack.set_training((**spec).clone());
            }
        }
        None
    }
}
