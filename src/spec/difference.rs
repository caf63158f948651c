//! What differs between two specs, and nothing else.

use super::{Layer, Spec, variant};
use serde_json::Value;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A field, `optimizer.Adam.beta1`, has another value; `-` stands for a field that is not there.
    Field {
        /// Where it stands.
        path: String,
        /// In the first spec.
        first: String,
        /// In the second spec.
        second: String,
    },
    /// A layer of the first spec that the second lacks.
    Removed {
        /// Its number in the first spec, from 1.
        number: usize,
        /// The layer in words.
        layer: String,
    },
    /// A layer that the second spec has in addition.
    Added {
        /// Its number in the second spec, from 1.
        number: usize,
        /// The layer in words.
        layer: String,
    },
}

/// All differences but the names: fields by their names, and the layers that must be taken out of the first
/// spec and put in to have the second one's.
pub fn differences(first: &Spec, second: &Spec) -> Vec<Change> {
    let value = |spec: &Spec| {
        let mut value = serde_json::to_value(spec).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.remove("name");
            fields.remove("layers");
        }
        value
    };
    let mut changes = layer_changes(&first.layers, &second.layers);
    compare(&value(first), &value(second), "", &mut changes);
    changes
}

fn compare(first: &Value, second: &Value, path: &str, changes: &mut Vec<Change>) {
    if first == second {
        return;
    }
    let is_variant = |value: &Value| match variant(value) {
        Some((name, held)) => name.starts_with(char::is_uppercase).then(|| held.cloned()),
        None => None,
    };
    // Of one variant the fields that differ; of two the whole.
    let names = (variant(first), variant(second));
    let differ = matches!(names, (Some((one, _)), Some((other, _))) if one != other);
    let are_variants = is_variant(first).is_some() && is_variant(second).is_some();
    match (first.as_object(), second.as_object()) {
        (Some(one), Some(other)) if !(are_variants && differ) => {
            let keys = one
                .keys()
                .chain(other.keys().filter(|key| !one.contains_key(*key)));
            for key in keys {
                let path = match path {
                    "" => key.clone(),
                    path => format!("{path}.{key}"),
                };
                let none = &Value::Null;
                let values = (one.get(key).unwrap_or(none), other.get(key).unwrap_or(none));
                compare(values.0, values.1, &path, changes);
            }
        }
        _ => changes.push(Change::Field {
            path: path.to_owned(),
            first: shown(first),
            second: shown(second),
        }),
    }
}

/// A value in few words: `Adam (beta1 0.9, beta2 0.999)`.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let words: Vec<String> = fields
                .iter()
                .map(|(name, value)| match value {
                    Value::Object(held) => {
                        let held = held.iter();
                        let held: Vec<String> = held
                            .map(|(name, value)| format!("{name} {}", shown(value)))
                            .collect();
                        format!("{name} ({})", held.join(", "))
                    }
                    value => format!("{name} {}", shown(value)),
                })
                .collect();
            words.join(", ")
        }
        value => value.to_string(),
    }
}

/// The shortest way from one list of layers to the other, by their longest common subsequence.
fn layer_changes(first: &[Layer], second: &[Layer]) -> Vec<Change> {
    let (rows, columns) = (first.len(), second.len());
    // The longest common subsequence of what follows.
    let mut common = vec![vec![0_usize; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            common[i][j] = match first[i] == second[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut changes = Vec::new();
    while i < rows || j < columns {
        if i < rows && j < columns && first[i] == second[j] {
            (i, j) = (i + 1, j + 1);
        } else if i < rows && (j == columns || common[i + 1][j] >= common[i][j + 1]) {
            let (number, layer) = (i + 1, words(&first[i]));
            changes.push(Change::Removed { number, layer });
            i += 1;
        } else {
            let (number, layer) = (j + 1, words(&second[j]));
            changes.push(Change::Added { number, layer });
            j += 1;
        }
    }
    changes
}

/// A layer with the fields that its short description leaves out.
fn words(layer: &Layer) -> String {
    match layer {
        Layer::BatchNorm { eps, momentum } => format!("{layer} (eps {eps}, momentum {momentum})"),
        layer => layer.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    fn lines(first: &Spec, second: &Spec) -> Vec<String> {
        let line = |change| match change {
            Change::Field {
                path,
                first,
                second,
            } => format!("{path}: {first} -> {second}"),
            Change::Removed { number, layer } => format!("- {number} {layer}"),
            Change::Added { number, layer } => format!("+ {number} {layer}"),
        };
        differences(first, second).into_iter().map(line).collect()
    }

    #[test]
    fn dropout_and_length_are_what_tells_two_presets_apart() {
        let (bn, dropout) = (preset("bn").unwrap(), preset("bn-dropout").unwrap());
        assert_eq!(
            lines(&bn, &dropout),
            [
                "+ 5 Dropout 0.3",
                "+ 10 Dropout 0.3",
                "+ 15 Dropout 0.3",
                "+ 19 Dropout 0.3",
                "epochs: 50 -> 100"
            ]
        );
        assert_eq!(lines(&dropout, &bn)[0], "- 5 Dropout 0.3");
        assert!(lines(&bn, &bn).is_empty());
    }

    #[test]
    fn of_another_optimiser_the_whole_is_said_and_of_the_same_what_differs() {
        let sgd = preset("basic-cnn").unwrap().into_spec();
        let adam = preset("basic-cnn-adam").unwrap().into_spec();
        let found = lines(&sgd, &adam);
        assert_eq!(found[0], "learning_rate: 0.1 -> 0.001");
        let sgd = "optimizer: Sgd (momentum 0.0, nesterov false, weight_decay 1e-6) -> Adam (";
        assert!(found[1].starts_with(sgd), "{found:?}");
        assert_eq!(found.len(), 2);
        let mut other = adam.clone();
        other.optimizer =
            serde_json::from_str(r#"{"Adam": {"beta1": 0.8, "weight_decay": 1e-6}}"#).unwrap();
        other.name = "x".into();
        assert_eq!(lines(&adam, &other), ["optimizer.Adam.beta1: 0.9 -> 0.8"]);
    }
}
