//! What the cursor is on, to be explained.

use super::editor::Editor;
use super::form::{Edited, Form};
use super::state::Design;
use crate::explain::{Facts, Subject};
use crate::spec::Layer;
use crate::tui::shared::Shared;

impl Design {
    /// The field of an open form, the layer of the palette or of the list, or how the network is trained.
    pub(super) fn under_cursor(&self, _shared: &Shared) -> Subject {
        let training = Facts::of_training(self.spec());
        match &self.editor {
            Some(Editor::Form(form)) => of_field(form, training),
            Some(Editor::Palette(palette)) => match palette.layer() {
                Some(layer) => of_layer(layer).with(Facts::of_layer_alone(layer)),
                None => Subject::named(["layers"]),
            },
            Some(Editor::Picker(_) | Editor::Text(_)) => Subject::named(["design"]).with(training),
            Some(Editor::RateFinder) => Subject::named(["learning-rate"]).with(training),
            Some(Editor::Sweep) => Subject::named(["sweep"]).with(training),
            Some(Editor::Ladder) => Subject::named(["ablation"]).with(training),
            None => match self.stack.chosen() {
                Some(entry) => {
                    let subject = of_layer(&entry.layer).with(training);
                    let subject = subject.with(Facts::of_layer_alone(&entry.layer));
                    match self.table.spec().zip(self.layer_under_cursor()) {
                        Some((spec, index)) => subject.with(Facts::of_layer(spec, index)),
                        None => subject,
                    }
                }
                None => Subject::named(["training", "design"]).with(training),
            },
        }
    }

    /// Position of the chosen layer among those that are on, if it is.
    fn layer_under_cursor(&self) -> Option<usize> {
        let cursor = self.stack.cursor();
        let (before, rest) = self.stack.entries().split_at_checked(cursor)?;
        let is_on = rest.first()?.enabled;
        is_on.then(|| before.iter().filter(|entry| entry.enabled).count())
    }
}

/// A layer by its function, if it is an activation, and by its kind.
fn of_layer(layer: &Layer) -> Subject {
    match layer {
        Layer::Activation(function) => {
            let text = function.to_string();
            let name = text.split(' ').next().unwrap_or_default();
            Subject::named([name, layer.kind()])
        }
        _ => Subject::named([layer.kind()]),
    }
}

/// A field by what is chosen in it, by its own name, and by what it belongs to.
fn of_field(form: &Form, training: Facts) -> Subject {
    let Some(field) = form.chosen_field() else {
        return Subject::named(["design"]);
    };
    let owner = field.path.iter().rev().nth(1).map_or("", String::as_str);
    let qualified = format!("{owner} {}", field.name());
    let chosen = if field.is_typed() {
        ""
    } else {
        field.text.as_str()
    };
    let subject = Subject::named([chosen, &qualified, field.name(), owner]).with(training);
    let mut facts = Facts::default();
    if let Edited::Layer(layer) = form.edited() {
        facts.add(Facts::of_layer_alone(layer));
    }
    if field.is_typed() {
        facts.set("value", &field.text);
        facts.set("range", field.range());
    }
    subject.with(facts)
}
