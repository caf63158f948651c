//! Which values each field may have. One table serves files, the editor's forms and the errors.

use super::limit::MAX_PATH;
pub use super::limit::{Limit, MAX_ELEMENTS, MAX_LAYERS, MAX_NAME};
use super::{Layer, Optimizer, Problem, Spec};
use crate::augment;
use serde_json::Value;

/// The limit of `field` inside `owner` (a layer kind, an optimiser …, or "" for the spec itself).
pub fn limit(owner: &str, field: &str) -> Option<Limit> {
    use Limit::{Real, Whole};
    if let Some(limit) = Layer::limit(owner, field) {
        return Some(limit);
    }
    Some(match (owner, field) {
        ("input", "channels") => Whole(1, 4),
        ("input", "height" | "width") => Whole(1, 64),
        ("augmentation", _) => return augment::limit(field),
        ("", "gradient_clip") => Real(0.0, 1e6),
        ("", "ema_decay") => Real(0.0, 0.999_999),
        ("early_stopping", "patience") => Whole(0, 10_000),
        ("early_stopping", "min_gain") => Real(0.0, 1.0),
        ("validation", "hold_out") => Whole(0, 1_000_000),
        ("ReduceOnPlateau", "patience") => Whole(0, 10_000),
        ("Normal", "std") => Real(1e-9, 100.0),
        (_, "gain") => Real(1e-3, 100.0),
        ("Given", "mean") => Real(0.0, 1.0),
        ("Given", "std") => Real(1e-3, 100.0),
        (_, "label_smoothing") => Real(0.0, 0.9),
        ("", "learning_rate") => Real(1e-9, 1000.0),
        ("", "warmup_epochs") => Real(0.0, 10_000.0),
        ("Step", "every_epochs") => Whole(1, 10_000),
        (_, "factor" | "initial_factor" | "final_factor") => Real(0.0, 1.0),
        ("OneCycle", "rise") => Real(0.01, 0.99),
        ("", "batch_size") => Whole(1, 8192),
        ("", "epochs") => Whole(1, 10_000),
        ("", "seed") => Whole(0, u64::MAX),
        ("", "frozen_layers") => Whole(0, MAX_LAYERS as u64),
        _ => return Optimizer::limit(owner, field),
    })
}

/// The fewest and the most characters of a text.
pub fn text_limit(field: &str) -> (usize, usize) {
    match field {
        "exclude" => (0, MAX_PATH),
        _ => (1, MAX_NAME),
    }
}

/// Whether a text has as many characters as it may; blanks around it are none.
fn check_text(text: &str, field: &str) -> Result<(), Problem> {
    let (fewest, most) = text_limit(field);
    match text.trim().chars().count() < fewest || text.chars().count() > most {
        true => {
            let problem = format!("must have {fewest} to {most} characters");
            Err(Problem::field(&[field], problem))
        }
        false => Ok(()),
    }
}

/// Holds every value of the spec against its limit.
///
/// # Errors
/// The first value outside, in the order of the spec's fields.
pub fn check(spec: &Spec) -> Result<(), Problem> {
    check_text(&spec.name, "name")?;
    check_text(&spec.dataset, "dataset")?;
    if spec.layers.is_empty() {
        return Err(Problem::field(
            &["layers"],
            "is empty; add a layer: a classifier needs at least one Dense layer",
        ));
    }
    if spec.layers.len() > MAX_LAYERS {
        return Err(Problem::field(
            &["layers"],
            format!(
                "has {} layers; at most {MAX_LAYERS} are allowed",
                spec.layers.len()
            ),
        ));
    }
    check_text(&spec.exclude, "exclude")?;
    let value = serde_json::to_value(spec)
        .map_err(|error| Problem::field(&[], format!("cannot be written as JSON: {error}")))?;
    check_value(&value, "", &mut Vec::new())
}

/// Walks the JSON form, so that a new field is checked without a line of code for it.
fn check_value(value: &Value, owner: &str, path: &mut Vec<String>) -> Result<(), Problem> {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                path.push(name.clone());
                match limit(owner, name) {
                    Some(limit) => check_number(field, limit, path)?,
                    None => check_value(field, name, path)?,
                }
                path.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                check_value(item, owner, path)?;
                path.pop();
            }
        }
        _ => {}
    }
    Ok(())
}

fn check_number(value: &Value, limit: Limit, path: &[String]) -> Result<(), Problem> {
    let within = match limit {
        Limit::Whole(min, max) => value.as_u64().is_some_and(|n| (min..=max).contains(&n)),
        Limit::Real(min, max) => value.as_f64().is_some_and(|x| (min..=max).contains(&x)),
    };
    if within {
        return Ok(());
    }
    let field = path.last().map_or("", String::as_str);
    // JSON has no NaN and no infinity: they arrive here as null.
    let found = if value.is_null() {
        "not a finite number".to_owned()
    } else {
        value.to_string()
    };
    let message = if path.first().is_some_and(|first| first == "layers") {
        format!("{field} is {found}; it must be {limit}")
    } else {
        format!("is {found}; it must be {limit}")
    };
    Err(Problem {
        path: path.to_vec(),
        message,
    })
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    #[test]
    fn every_number_of_every_kind_has_a_limit() {
        let mut spec = preset("bn-dropout").unwrap().into_spec();
        spec.layers.extend(Layer::choices());
        for optimizer in Optimizer::choices() {
            spec.optimizer = optimizer;
            for schedule in [
                Schedule::Step {
                    every_epochs: 3,
                    factor: 0.5,
                },
                Schedule::Cosine { final_factor: 0.0 },
                serde_json::from_str("{\"OneCycle\": {}}").unwrap(),
                serde_json::from_str("{\"ReduceOnPlateau\": {}}").unwrap(),
            ] {
                spec.schedule = schedule;
                spec.initializer = Initializer::Normal { std: 0.1 };
                let (mean, std) = (0.5, 0.5);
                spec.normalization = InputNormalization::Given { mean, std };
                let value = serde_json::to_value(&spec).unwrap();
                assert_eq!(numbers_without_limit(&value, ""), Vec::<String>::new());
                assert_eq!(check(&spec), Ok(()));
            }
        }
    }

    fn numbers_without_limit(value: &Value, owner: &str) -> Vec<String> {
        match value {
            Value::Object(fields) => fields
                .iter()
                .flat_map(|(name, field)| {
                    if field.is_number() && limit(owner, name).is_none() {
                        vec![format!("{owner}.{name}")]
                    } else {
                        numbers_without_limit(field, name)
                    }
                })
                .collect(),
            Value::Array(items) => items
                .iter()
                .flat_map(|item| numbers_without_limit(item, owner))
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn absurd_values_are_refused_with_the_layer_and_the_limit() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        spec.layers[0] = Layer::Conv2d {
            out_channels: 1_000_000_000,
            kernel_size: 3,
            stride: 1,
            padding: 1,
        };
        assert_eq!(
            check(&spec).unwrap_err().to_string(),
            "layer 1 (Conv2d): out_channels is 1000000000; it must be a whole number from 1 to 4096"
        );
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        spec.learning_rate = f64::NAN;
        assert_eq!(
            check(&spec).unwrap_err().to_string(),
            "learning_rate: is not a finite number; it must be a number from 0.000000001 to 1000"
        );
        spec.learning_rate = 0.1;
        spec.layers = vec![Layer::Flatten; 200];
        assert!(
            check(&spec)
                .unwrap_err()
                .to_string()
                .contains("at most 100")
        );
    }
}
