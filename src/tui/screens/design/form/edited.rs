//! What a form edits, and its JSON.

use crate::spec::{Layer, Spec};
use serde_json::Value;

/// What a form edits.
#[derive(Clone, Debug, PartialEq)]
pub enum Edited {
    /// The chosen layer.
    Layer(Layer),
    /// Everything but the layers.
    Training(Box<Spec>),
}

impl Edited {
    /// As JSON.
    pub fn value(&self) -> Value {
        let value = match self {
            Self::Layer(layer) => serde_json::to_value(layer),
            Self::Training(spec) => serde_json::to_value(spec),
        };
        value.unwrap_or_default()
    }

    /// As JSON with the fields in the order in which they are declared.
    pub fn json(&self) -> String {
        let json = match self {
            Self::Layer(layer) => serde_json::to_string(layer),
            Self::Training(spec) => serde_json::to_string(spec),
        };
        json.unwrap_or_default()
    }

    /// The same kind of thing with the fields of the JSON; none if they do not describe one.
    pub fn with(&self, value: &Value) -> Option<Self> {
        match self {
            Self::Layer(_) => serde_json::from_value(value.clone()).ok().map(Self::Layer),
            Self::Training(_) => serde_json::from_value(value.clone())
                .ok()
                .map(|spec| Self::Training(Box::new(spec))),
        }
    }
}
