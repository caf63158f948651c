//! The fields that a JSON value has.

use super::field::{Field, Kind, text};
use crate::spec::{choices, limits, variant};
use serde_json::Value;

/// Adds the fields of `value`, whose path is `path`, to `fields`. `order` is the whole JSON as text, with
/// its fields in the order to list them in.
pub fn list(value: &Value, order: &str, path: &mut Vec<String>, fields: &mut Vec<Field>) {
    let name = path.last().map_or("", String::as_str);
    let add = |kind: Kind, text: String| Field {
        path: path.clone(),
        label: label(name),
        kind,
        text,
        error: None,
    };
    if let Some(offered) = choices(name)
        && let Some((chosen, held)) = variant(value)
    {
        let mut names = Vec::new();
        for value in &offered {
            names.extend(variant(value).map(|(name, _)| name.to_owned()));
        }
        if names.len() > 1 {
            fields.push(add(Kind::Choice(names), chosen.to_owned()));
        }
        if let Some(held) = held {
            path.push(chosen.to_owned());
            list(held, order, path, fields);
            path.pop();
        }
        return;
    }
    let owner = path.iter().rev().nth(1).map_or("", String::as_str);
    match value {
        Value::Object(values) => {
            let start = order.find(&format!("\"{name}\":")).unwrap_or(0);
            let place = |key: &str| order[start..].find(&format!("\"{key}\":"));
            let mut keys: Vec<&String> = values.keys().collect();
            keys.sort_by_key(|key| place(key));
            for key in keys {
                path.push(key.clone());
                list(&values[key], order, path, fields);
                path.pop();
            }
        }
        Value::Number(_) => {
            if let Some(limit) = limits::limit(owner, name) {
                fields.push(add(Kind::Number(limit), text(value)));
            }
        }
        Value::Bool(_) => fields.push(add(Kind::Flag, text(value))),
        Value::String(_) => fields.push(add(Kind::Text, text(value))),
        Value::Array(_) | Value::Null => {}
    }
}

/// A field's name as people read it.
fn label(name: &str) -> String {
    match name {
        // The JSON is spelt as other programs spell it, texts are not.
        "optimizer" => "optimiser".into(),
        name => name.to_lowercase().replace('_', " "),
    }
}

/// The value at `path`.
pub fn place<'a>(value: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, key| value.get_mut(key))
}
