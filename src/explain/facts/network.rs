//! What is known of a network and of how it is trained.

use super::{Facts, percent};
use crate::spec::{CheckedSpec, Layer, Spec, variant};
use crate::text::{grouped, short_decimal, shown_bytes};
use serde_json::Value;

impl Facts {
    /// The layer at a position of the network: its fields, its shapes, what it costs, what it sees.
    pub fn of_layer(spec: &CheckedSpec, index: usize) -> Self {
        let mut facts = Self::default();
        let summary = spec.summary();
        let (Some(layer), Some(row)) = (spec.layers.get(index), summary.layers.get(index)) else {
            return facts;
        };
        facts.add(Self::of_layer_alone(layer));
        facts.set("layer", &row.description);
        facts.set("number", index + 1);
        facts.set("layers", summary.layers.len());
        facts.set("layer_input", row.input);
        facts.set("layer_output", row.output);
        facts.set("layer_values", grouped(row.output.elements() as u64));
        facts.set("layer_parameters", grouped(row.parameters));
        facts.set("layer_multiply_adds", grouped(row.multiply_adds));
        let share = |part: u64, whole: u64| percent(part as f64 / whole.max(1) as f64);
        facts.set(
            "layer_parameter_share",
            share(row.parameters, summary.parameters()),
        );
        facts.set(
            "layer_multiply_add_share",
            share(row.multiply_adds, summary.multiply_adds()),
        );
        facts.set(
            "sees",
            match row.receptive_field {
                Some(field) => format!("{field} pixels"),
                None => "the whole image".into(),
            },
        );
        facts
    }

    /// The fields of a layer that is in no network.
    pub fn of_layer_alone(layer: &Layer) -> Self {
        let mut facts = Self::default();
        if let Ok(value) = serde_json::to_value(layer) {
            facts.fields(&value);
        }
        facts
    }

    /// How a network is trained: every field of its spec by its name, and what follows from them.
    pub fn of_training(spec: &Spec) -> Self {
        let mut facts = Self::default();
        if let Ok(Value::Object(mut fields)) = serde_json::to_value(spec) {
            fields.remove("layers");
            // Both optimisers and layers have some of these names: the values of a layer come later.
            facts.fields(&Value::Object(fields));
        }
        facts.set("network", &spec.name);
        facts.set("learning_rate", short_decimal(spec.learning_rate));
        facts.set("schedule", spec.schedule.in_words());
        facts.set("optimizer", spec.optimizer.description());
        facts.set("augmentation", spec.augmentation.to_string());
        let input = spec.input;
        facts.set(
            "input",
            format!("{}×{}×{}", input.channels, input.height, input.width),
        );
        if let Ok(checked) = spec.check() {
            let summary = checked.summary();
            facts.set("parameters", grouped(summary.parameters()));
            facts.set("multiply_adds", grouped(summary.multiply_adds()));
            facts.set("activation_bytes", shown_bytes(summary.activation_bytes()));
            facts.set("classes", summary.classes);
            facts.set("chance", percent(1.0 / summary.classes.max(1) as f64));
            facts.set(
                "blind_loss",
                format!("{:.2}", (summary.classes as f64).ln()),
            );
            let last_image = summary.layers.iter().rev();
            let mut fields = last_image.filter_map(|row| row.receptive_field);
            if let Some(field) = fields.next() {
                facts.set("largest_field", field);
            }
        }
        facts
    }

    /// Every number, word and variant of a JSON value by the name of its field.
    fn fields(&mut self, value: &Value) {
        let Value::Object(fields) = value else {
            return;
        };
        for (name, value) in fields {
            match value {
                Value::Number(number) => self.set(name, number),
                Value::String(word) => self.set(name, word),
                Value::Bool(yes) => self.set(name, if *yes { "yes" } else { "no" }),
                Value::Object(_) => {
                    // A variant's name is written with a capital letter, a field's is not.
                    let variant = variant(value).map(|(variant, _)| variant);
                    let is_name = |name: &&str| name.starts_with(char::is_uppercase);
                    if let Some(variant) = variant.filter(is_name) {
                        self.set(name, variant);
                    }
                    self.fields(value);
                }
                Value::Array(_) | Value::Null => {}
            }
        }
    }
}
