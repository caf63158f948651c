//! A form for the fields of a layer, or for everything but the layers. Its fields follow from the JSON
//! of what is edited: a new field, a new variant, a new kind of layer needs nothing here.

mod draw;
mod edited;
mod field;
mod listing;
mod step;

pub use edited::Edited;
pub use field::number;

use crate::spec::{Problem, choices, variant};
use crate::tui::keys::TypingAction;
use crate::tui::widgets::text_field::TextField;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use field::{Field, Kind};
use listing::{list, place};
use serde_json::Value;
use std::cell::Cell;
use std::collections::HashMap;

/// An open form.
#[derive(Debug)]
pub struct Form {
    /// What the fields describe; a field with an error counts with its last valid value.
    edited: Edited,
    /// `edited` as JSON.
    value: Value,
    fields: Vec<Field>,
    chosen: usize,
    /// The text of the chosen field; of a number it is a proposal until it is edited.
    typed: TextField,
    /// What each variant held when another was chosen.
    left: HashMap<(Vec<String>, String), Value>,
    /// First field shown, as last drawn.
    scroll: Cell<usize>,
}

impl Form {
    /// A form for the fields of a layer or a spec.
    pub fn new(edited: Edited) -> Self {
        let mut form = Self {
            value: Value::Null,
            edited,
            fields: Vec::new(),
            chosen: 0,
            typed: TextField::default(),
            left: HashMap::new(),
            scroll: Cell::new(0),
        };
        form.value = form.edited.value();
        form.list_fields();
        form.read_text();
        form
    }

    /// What the fields describe; a field with an error counts with its last valid value.
    pub fn edited(&self) -> &Edited {
        &self.edited
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// The chosen field.
    pub fn chosen_field(&self) -> Option<&Field> {
        self.fields.get(self.chosen)
    }

    /// Whether any letter can be typed into the chosen field.
    pub fn is_at_text(&self) -> bool {
        self.chosen_field()
            .is_some_and(|field| field.kind == Kind::Text)
    }

    /// Takes a letter of the chosen field's text.
    pub fn type_letter(&mut self, letter: char) {
        self.type_text(letter);
    }

    /// What the form is for.
    pub fn title(&self) -> String {
        match &self.edited {
            Edited::Layer(layer) => layer.kind().to_owned(),
            Edited::Training(_) => "Training".to_owned(),
        }
    }

    /// Chooses the field before or after, around the end.
    pub fn step_field(&mut self, down: bool) {
        let count = self.fields.len().max(1);
        self.choose((self.chosen + if down { 1 } else { count - 1 }) % count);
    }

    /// Chooses a field.
    pub fn choose(&mut self, field: usize) {
        if field < self.fields.len() {
            self.chosen = field;
            self.read_text();
        }
    }

    /// Whether the arrows move the cursor in the chosen field: in a name, and in a number that is being edited.
    pub fn is_typing(&self) -> bool {
        self.chosen_field().is_some_and(|field| match field.kind {
            Kind::Number(_) => !self.typed.is_untouched(),
            Kind::Text => true,
            Kind::Flag | Kind::Choice(_) => false,
        })
    }

    /// An arrow to the right or to the left: a step, or in a text that is edited the cursor.
    pub fn arrow(&mut self, right: bool) {
        if self.is_typing() {
            self.typed.update(match right {
                true => TypingAction::Right,
                false => TypingAction::Left,
            });
        } else {
            self.step_value(right);
        }
    }

    /// Takes the text of the chosen field to be edited.
    fn read_text(&mut self) {
        self.typed = match self.chosen_field() {
            Some(field) if matches!(field.kind, Kind::Number(_)) => {
                TextField::proposed(field.text.clone())
            }
            Some(field) => TextField::new(field.text.clone()),
            None => TextField::default(),
        };
    }

    /// Chooses the field that a problem concerns and marks it.
    pub fn mark(&mut self, problem: &Problem) {
        let at = |field: &Field| field.path == problem.path;
        if let Some(index) = self.fields.iter().position(at) {
            self.choose(index);
            self.fields[index].error = Some(problem.message.clone());
        }
    }

    /// The first field with an error becomes the chosen one; none if all are right.
    pub fn first_error(&mut self) -> Option<String> {
        let index = self.fields.iter().position(|field| field.error.is_some())?;
        self.choose(index);
        let field = &self.fields[index];
        let error = field.error.as_deref().unwrap_or_default();
        Some(format!("{} {error}", field.label))
    }

    /// `+` and `-`: characters in a name and after the `e` of a number, steps elsewhere.
    pub fn sign(&mut self, up: bool) {
        let typed = self.fields.get(self.chosen).is_some_and(|field| {
            let is_edited = !self.typed.is_untouched();
            field.kind == Kind::Text || is_edited && field.text.ends_with(['e', 'E'])
        });
        if typed {
            self.type_text(if up { '+' } else { '-' });
        } else {
            self.step_value(up);
        }
    }

    /// One step up or down in the chosen field.
    pub fn step_value(&mut self, up: bool) {
        let Some(field) = self.fields.get_mut(self.chosen) else {
            return;
        };
        match &field.kind {
            Kind::Number(limit) => {
                if let Some(text) = step::step(field.name(), *limit, &field.text, up) {
                    field.text = text;
                    self.read_text();
                    self.read_field();
                }
            }
            Kind::Flag => {
                field.text = if field.text == "yes" { "no" } else { "yes" }.into();
                self.read_field();
            }
            Kind::Choice(names) => {
                let count = names.len().max(1);
                let at = names.iter().position(|name| *name == field.text);
                let next = at.map_or(0, |at| (at + if up { 1 } else { count - 1 }) % count);
                if let Some(name) = names.get(next).cloned() {
                    self.choose_variant(&name);
                }
            }
            Kind::Text => {}
        }
    }

    /// Takes a key of the chosen field's text.
    pub fn type_key(&mut self, key: KeyEvent) {
        let command = KeyModifiers::CONTROL | KeyModifiers::ALT;
        match key.code {
            KeyCode::Char(letter) if !key.modifiers.intersects(command) => self.type_text(letter),
            _ => self.edit(|text| text.type_key(key)),
        }
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        match self.chosen_field().map(|field| &field.kind) {
            Some(Kind::Number(_)) => {
                let number: String = text.chars().filter(is_of_number).collect();
                self.edit(|field| field.paste(&number));
            }
            _ => self.edit(|field| field.paste(text)),
        }
    }

    fn type_text(&mut self, letter: char) {
        match self.chosen_field().map(|field| &field.kind) {
            Some(Kind::Number(_)) if is_of_number(&letter) => {
                self.edit(|text| text.insert(letter));
            }
            Some(Kind::Text) => self.edit(|text| text.insert(letter)),
            Some(Kind::Flag | Kind::Choice(_)) if letter == ' ' => self.step_value(true),
            Some(Kind::Number(_) | Kind::Flag | Kind::Choice(_)) | None => {}
        }
    }

    /// Changes the text of the chosen field, if it is one that is typed; `change` says whether it did.
    fn edit(&mut self, change: impl FnOnce(&mut TextField) -> bool) {
        if let Some(field) = self.fields.get_mut(self.chosen)
            && field.is_typed()
            && change(&mut self.typed)
        {
            self.typed.text().clone_into(&mut field.text);
            self.read_field();
        }
    }

    /// Checks the chosen field and applies its value.
    fn read_field(&mut self) {
        let Some(field) = self.fields.get_mut(self.chosen) else {
            return;
        };
        match field.parse() {
            Ok(value) => {
                field.error = None;
                let path = field.path.clone();
                if let Some(place) = place(&mut self.value, &path) {
                    *place = value;
                }
                self.take_over();
            }
            Err(error) => field.error = Some(error),
        }
    }

    /// Puts another variant in the chosen field. The fields of the variant before are kept for when it is
    /// chosen again.
    fn choose_variant(&mut self, name: &str) {
        let Some(path) = self.fields.get(self.chosen).map(|field| field.path.clone()) else {
            return;
        };
        let offered = choices(path.last().map_or("", String::as_str)).unwrap_or_default();
        let named = |value: &Value| variant(value).is_some_and(|(found, _)| found == name);
        let kept = self.left.remove(&(path.clone(), name.to_owned()));
        let next = kept.or_else(|| offered.into_iter().find(named));
        let (Some(next), Some(place)) = (next, place(&mut self.value, &path)) else {
            return;
        };
        let before = std::mem::replace(place, next);
        if let Some((name, _)) = variant(&before) {
            self.left.insert((path, name.to_owned()), before.clone());
        }
        self.take_over();
        self.list_fields();
    }

    /// Parses `edited` from the JSON.
    fn take_over(&mut self) {
        // Each field is within its limit, so this only fails where a value is between two fields.
        if let Some(edited) = self.edited.with(&self.value) {
            self.edited = edited;
        }
        // An error that concerned two fields may be solved now.
        for field in &mut self.fields {
            field.error = field.parse().err();
        }
    }

    fn list_fields(&mut self) {
        let typed = std::mem::take(&mut self.fields);
        let order = self.edited.json();
        let mut fields = Vec::new();
        let mut path = Vec::new();
        match (&self.edited, variant(&self.value)) {
            (Edited::Layer(_), Some((kind, Some(held)))) => {
                path.push(kind.to_owned());
                list(held, &order, &mut path, &mut fields);
            }
            (Edited::Layer(_), _) => {}
            (Edited::Training(_), _) => {
                list(&self.value, &order, &mut path, &mut fields);
                fields.sort_by_key(|field| place_of(field.path.first().map_or("", |name| name)));
            }
        }
        // A field that is still there keeps what was typed and its error.
        for field in &mut fields {
            if let Some(before) = typed.iter().find(|before| before.path == field.path)
                && before.error.is_some()
            {
                field.text.clone_from(&before.text);
                field.error.clone_from(&before.error);
            }
        }
        self.fields = fields;
        self.chosen = self.chosen.min(self.fields.len().saturating_sub(1));
    }
}

/// Where a field of the training stands: what is changed most first, and what the data decides last; what
/// belongs to a variant stays with it.
fn place_of(name: &str) -> usize {
    const FIRST: [&str; 7] = [
        "learning_rate",
        "optimizer",
        "epochs",
        "batch_size",
        "seed",
        "schedule",
        "warmup_epochs",
    ];
    const LAST: [&str; 3] = ["name", "dataset", "input"];
    let place = |names: &[&str]| names.iter().position(|other| *other == name);
    match (place(&FIRST), place(&LAST)) {
        (Some(place), _) => place,
        (None, None) => FIRST.len(),
        (None, Some(place)) => FIRST.len() + 1 + place,
    }
}

/// Whether the character may stand in a number.
fn is_of_number(letter: &char) -> bool {
    letter.is_ascii_digit() || ".eE+-".contains(*letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Layer, Spec};

    fn press(form: &mut Form, text: &str) {
        for letter in text.chars() {
            form.type_key(KeyEvent::from(KeyCode::Char(letter)));
        }
    }

    fn labels(form: &Form) -> Vec<&str> {
        form.fields.iter().map(|field| &*field.label).collect()
    }

    #[test]
    fn a_layers_fields_come_in_the_order_they_are_declared() {
        for layer in Layer::choices() {
            let mut form = Form::new(Edited::Layer(layer.clone()));
            assert_eq!(form.edited(), &Edited::Layer(layer));
            form.step_field(false);
            form.step_value(true);
            assert_eq!(form.first_error(), None);
        }
        let form = Form::new(Edited::Layer(Layer::choices().swap_remove(0)));
        assert_eq!(
            labels(&form),
            ["out channels", "kernel size", "stride", "padding"]
        );
    }

    #[test]
    fn what_is_changed_most_comes_first_in_the_training() {
        let form = Form::new(Edited::Training(Box::new(Spec::smallest())));
        let labels = labels(&form);
        assert_eq!(labels[..2], ["learning rate", "optimiser"]);
        let at = |name: &str| {
            labels
                .iter()
                .position(|label| *label == name)
                .unwrap_or_else(|| panic!("no {name} in {labels:?}"))
        };
        let order = [
            "optimiser",
            "epochs",
            "batch size",
            "seed",
            "schedule",
            "label smoothing",
            "name",
        ];
        assert!(
            order.windows(2).all(|pair| at(pair[0]) < at(pair[1])),
            "{labels:?}"
        );
        assert_eq!(labels.last(), Some(&"width"));
    }

    #[test]
    fn typing_replaces_checks_and_keeps_the_last_good_value() {
        let mut form = Form::new(Edited::Layer(Layer::Dropout { p: 0.3 }));
        press(&mut form, "0.5");
        assert_eq!(form.edited(), &Edited::Layer(Layer::Dropout { p: 0.5 }));
        press(&mut form, "e");
        assert!(form.fields[0].error.is_some());
        form.sign(false);
        press(&mut form, "1");
        assert_eq!(form.edited(), &Edited::Layer(Layer::Dropout { p: 0.05 }));
        form.edit(|text| text.update(TypingAction::Clear));
        press(&mut form, "2");
        assert_eq!(form.first_error().unwrap(), "p must be a number, 0 to 0.99");
        assert_eq!(form.edited(), &Edited::Layer(Layer::Dropout { p: 0.05 }));
    }

    #[test]
    fn a_variant_comes_back_with_what_was_set_in_it() {
        let spec = Spec::smallest();
        let mut form = Form::new(Edited::Training(Box::new(spec.clone())));
        let at = |form: &Form, name: &str| {
            let labels = labels(form);
            labels.iter().position(|label| *label == name).unwrap()
        };
        form.choose(at(&form, "beta1"));
        press(&mut form, "0.8");
        form.choose(at(&form, "optimiser"));
        form.step_value(false);
        assert!(labels(&form).contains(&"nesterov"));
        form.step_value(true);
        let Edited::Training(edited) = form.edited() else {
            panic!("a spec");
        };
        assert!(matches!(
            edited.optimizer,
            crate::spec::Optimizer::Adam(crate::optim::Adam { beta1, .. }) if beta1 == 0.8
        ));
    }
}
