//! What is found: facts in sections, as text and as JSON.

use super::private::Private;
use crate::text::{escape_controls, pad_end, width};
use serde_json::{Map, Value};

/// A section of facts.
pub struct Section {
    title: &'static str,
    facts: Vec<(String, Value)>,
}

impl Section {
    /// A section without facts.
    pub fn new(title: &'static str) -> Self {
        Self {
            title,
            facts: Vec::new(),
        }
    }

    /// Adds a fact; none, of any type, is one that is not known.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.facts.push((name.into(), value.into()));
    }
}

/// The sections as text, without what tells who the user is.
pub fn text(sections: &[Section], private: &Private) -> String {
    let mut text = String::new();
    for section in sections {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{}\n", section.title));
        let widths = section.facts.iter().map(|(name, _)| width(name));
        let wide = widths.max().unwrap_or(0);
        for (name, value) in &section.facts {
            let value = escape_controls(&private.hide(&in_words(value)));
            text.push_str(&format!("  {}  {value}\n", pad_end(name, wide)));
        }
    }
    text
}

/// The sections as one object, without what tells who the user is.
pub fn json(sections: &[Section], private: &Private) -> Value {
    let hidden = |value: &Value| match value {
        Value::String(text) => private.hide(text).into(),
        Value::Array(values) => values
            .iter()
            .map(|value| match value {
                Value::String(text) => private.hide(text).into(),
                value => value.clone(),
            })
            .collect(),
        value => value.clone(),
    };
    let section = |section: &Section| {
        let facts = section.facts.iter();
        let facts: Map<String, Value> = facts
            .map(|(name, value)| (name.replace([' ', '-'], "_"), hidden(value)))
            .collect();
        (section.title.to_lowercase(), Value::Object(facts))
    };
    Value::Object(sections.iter().map(section).collect())
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "unknown".into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) if text.is_empty() => "(empty)".into(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "none".into(),
        Value::Array(values) => {
            let words: Vec<String> = values.iter().map(in_words).collect();
            words.join(", ")
        }
        other => other.to_string(),
    }
}
