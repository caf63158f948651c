//! From a field's name to its paths in a spec's JSON.

use super::VaryError;
use crate::spec::Spec;
use crate::spec::ablation::WITHOUT;
use serde_json::{Map, Value};

/// Fields that all members of a grid share, and why.
const FIXED: &[(&str, &str)] = &[
    ("name", "members are told apart by their values"),
    (
        "seed",
        "--seeds K trains every member from the seeds seed, seed+1 ...",
    ),
    (
        "dataset",
        "all members train on the same images; make a sweep for each data set",
    ),
    ("input", "all members train on the same images"),
    ("layers", "name a layer's field, e.g. layers.1.out_channels"),
];

/// Names that stand for a field of all layers of a kind: `(name, kind, field)`.
const OF_LAYERS: &[(&str, &str, Option<&str>)] = &[
    ("dropout", "Dropout", Some("p")),
    ("activation", "Activation", None),
];

/// The paths to the fields that `key` stands for: keys, variants and positions from 0. More than one
/// only for a name that stands for all layers of a kind. A field that the JSON leaves out because it has
/// its default is found where the key says.
pub fn places(spec: &Value, key: &str) -> Result<Vec<Vec<String>>, VaryError> {
    let segments: Vec<&str> = key.split('.').collect();
    let fixed = |(name, _): &&(&str, &str)| match *name {
        "layers" => segments == ["layers"],
        name => segments.first() == Some(&name),
    };
    if let Some((_, reason)) = FIXED.iter().find(fixed) {
        let key = key.to_owned();
        return Err(VaryError::Fixed { key, reason });
    }
    if let Some((_, kind, field)) = OF_LAYERS.iter().find(|(name, ..)| *name == key) {
        let found = of_layers(spec, kind, *field);
        if found.is_empty() {
            let key = key.to_owned();
            return Err(VaryError::NoSuchLayer { key, kind });
        }
        return Ok(found);
    }
    let mut path = Vec::new();
    if walk(spec, &segments, &mut path) {
        return Ok(vec![path]);
    }
    if let [name] = segments[..] {
        let mut found = Vec::new();
        search(spec, name, &mut Vec::new(), &mut found);
        if found.len() > 1 {
            let candidates: Vec<String> = found.iter().map(|path| spelled(path)).collect();
            return Err(VaryError::Ambiguous {
                key: key.to_owned(),
                candidates: candidates.join(", "),
            });
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    left_out(spec, &segments)
        .map(|path| vec![path])
        .ok_or_else(|| VaryError::UnknownKey {
            key: key.to_owned(),
            known: known_keys(spec),
        })
}

fn of_layers(spec: &Value, kind: &str, field: Option<&str>) -> Vec<Vec<String>> {
    let layers = spec["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let are = layers.iter().enumerate();
    are.filter(|(_, layer)| layer.get(kind).is_some())
        .map(|(index, _)| {
            let way = ["layers".to_owned(), index.to_string(), kind.to_owned()];
            way.into_iter().chain(field.map(str::to_owned)).collect()
        })
        .collect()
}

/// The single variant that a value is, if it is one with something in it.
fn held(value: &Value) -> Option<(&String, &Value)> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let (name, held) = fields.iter().next()?;
    name.starts_with(|first: char| first.is_ascii_uppercase())
        .then_some((name, held))
}

/// Follows the segments from the top; variants need not be named. Layers are counted from 1.
fn walk(value: &Value, segments: &[&str], path: &mut Vec<String>) -> bool {
    let Some((first, rest)) = segments.split_first() else {
        return true;
    };
    let (step, next) = if let Value::Array(items) = value {
        let index = first
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        let Some((index, item)) = index.and_then(|index| Some((index, items.get(index)?))) else {
            return false;
        };
        (index.to_string(), item)
    } else if let Some(field) = value.get(first) {
        ((*first).to_owned(), field)
    } else if let Some((name, inner)) = held(value) {
        path.push(name.clone());
        return walk(inner, segments, path);
    } else {
        return false;
    };
    path.push(step);
    walk(next, rest, path)
}

/// Every field called `name`, at any depth.
fn search(value: &Value, name: &str, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(fields) => {
            let is_shared = |key: &str| key != "layers" && is_fixed(key);
            for (key, field) in fields.iter().filter(|(key, _)| !is_shared(key)) {
                path.push(key.clone());
                if key == name {
                    found.push(path.clone());
                }
                search(field, name, path, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                search(item, name, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

fn is_fixed(name: &str) -> bool {
    FIXED.iter().any(|(fixed, _)| *fixed == name)
}

/// The place of a field that the JSON leaves out, or one inside something that is null. Whether there
/// is such a field shows when the spec is read.
fn left_out(spec: &Value, segments: &[&str]) -> Option<Vec<String>> {
    let first = *segments.first()?;
    let may_be_new = match spec.get(first) {
        None | Some(Value::Null) => field_names().iter().any(|name| name == first),
        // The layers are all there.
        Some(Value::Object(_)) => segments.len() > 1,
        Some(_) => false,
    };
    let mut path: Vec<String> = Vec::new();
    let mut value = spec;
    for segment in segments {
        if let Some((name, inner)) = held(value)
            && value.get(segment).is_none()
        {
            path.push(name.clone());
            value = inner;
        }
        path.push((*segment).to_owned());
        value = value.get(segment).unwrap_or(&Value::Null);
    }
    may_be_new.then_some(path)
}

/// Puts a value at its place, into objects that are made where there are none yet.
pub fn set(json: &mut Value, path: &[String], new: Value) {
    let Some((first, rest)) = path.split_first() else {
        *json = new;
        return;
    };
    if let Value::Array(items) = json {
        let item = first.parse::<usize>().ok();
        if let Some(item) = item.and_then(|index| items.get_mut(index)) {
            set(item, rest, new);
        }
        return;
    }
    if !json.is_object() {
        *json = Value::Object(Map::new());
    }
    if let Value::Object(fields) = json {
        set(fields.entry(first).or_insert(Value::Null), rest, new);
    }
}

/// A path as it is written on the command line: without variants, layers counted from 1.
fn spelled(path: &[String]) -> String {
    let is_variant = |part: &str| part.starts_with(|first: char| first.is_ascii_uppercase());
    let last = path.len().saturating_sub(1);
    let parts = path.iter().enumerate();
    let words: Vec<String> = parts
        .filter(|(index, part)| *index == last || !is_variant(part))
        .map(|(_, part)| match part.parse::<usize>() {
            Ok(index) => (index + 1).to_string(),
            Err(_) => part.clone(),
        })
        .collect();
    words.join(".")
}

/// The fields of this spec that can be varied, for an error.
pub fn known_keys(spec: &Value) -> String {
    let (mut known, of_layers) = known_fields_of(spec);
    // One layer's fields show how those of the others are written.
    if let Some(first) = of_layers.into_iter().find(|fields| !fields.is_empty()) {
        known.extend(first);
        known.push("and so on for the other layers".into());
    }
    known.join(", ")
}

/// The names of all fields of a spec that can be varied.
pub fn known_fields(spec: &Spec) -> Vec<String> {
    let spec = serde_json::to_value(spec).unwrap_or_default();
    let (mut known, of_layers) = known_fields_of(&spec);
    known.extend(of_layers.into_iter().flatten());
    known
}

/// Those outside the layers, and those of each layer.
fn known_fields_of(spec: &Value) -> (Vec<String>, Vec<Vec<String>>) {
    let mut known: Vec<String> = Vec::new();
    for name in field_names().into_iter().filter(|name| !is_fixed(name)) {
        let field = spec.get(&name).unwrap_or(&Value::Null).clone();
        known.push(name.clone());
        collect(&field, &mut vec![name], &mut known);
    }
    for (name, kind, field) in OF_LAYERS {
        if !of_layers(spec, kind, *field).is_empty() {
            known.push((*name).to_owned());
        }
    }
    known.push(WITHOUT.into());
    let layers = spec["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let of_layers = layers.iter().enumerate().map(|(index, layer)| {
        let mut fields = Vec::new();
        let mut path = vec!["layers".to_owned(), index.to_string()];
        collect(layer, &mut path, &mut fields);
        fields
    });
    (known, of_layers.collect())
}

/// The paths to the fields inside a value.
fn collect(value: &Value, path: &mut Vec<String>, known: &mut Vec<String>) {
    let variant = held(value).map(|(name, _)| name);
    for (name, field) in value.as_object().into_iter().flatten() {
        path.push(name.clone());
        if Some(name) != variant {
            known.push(spelled(path));
        }
        collect(field, path, known);
        path.pop();
    }
}

/// The names of the spec's fields, those included that are left out of its JSON: read off the error
/// for one that does not exist.
fn field_names() -> Vec<String> {
    let error = serde_json::from_str::<Spec>("{\"?\": 0}").err();
    let message = error.map_or_else(String::new, |error| error.to_string());
    // `?` is the first name in backquotes.
    let names = message.split('`').skip(3).step_by(2);
    names.map(str::to_owned).collect()
}
