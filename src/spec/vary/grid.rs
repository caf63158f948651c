//! Every combination of the varied values, each from several seeds.

use super::place::{known_keys, places, set};
use super::value::read;
use super::{MAX_MEMBERS, Vary, VaryError};
use crate::spec::ablation::{WITHOUT, without};
use crate::spec::{CheckedSpec, Problem, Spec, SpecError, choices, variant};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// One spec of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The value of every varied field, in the order of the fields.
    pub values: Vec<String>,
    /// The base with these values and its own seed.
    pub spec: CheckedSpec,
}

/// Every combination of the fields' values, each from `seeds` seeds beginning with the base's own.
///
/// The order is fixed: the last field changes faster than the ones before it, and the seed fastest.
/// Fields that hold others are set first, so `optimizer=Adam,Sgd` and `weight_decay=0,0.01` may be
/// given in any order.
///
/// # Errors
/// The first thing wrong with the fields, or the first member that is no valid spec.
pub fn grid(base: &Spec, varies: &[Vary], seeds: usize) -> Result<Vec<Member>, VaryError> {
    let counts = varies.iter().map(|vary| vary.values.len() as u128);
    let members = counts.fold(seeds as u128, u128::saturating_mul);
    if members > MAX_MEMBERS as u128 {
        return Err(VaryError::TooMany { members });
    }
    for vary in varies {
        if let (Some(_), Some(text)) = (vary.range()?, vary.values.first()) {
            return Err(VaryError::RangeInGrid {
                key: vary.key.clone(),
                text: text.clone(),
            });
        }
    }
    let combinations = 0..members as usize / seeds.max(1);
    let combinations = combinations.map(|combination| combination_values(varies, combination));
    self::members(base, varies, combinations, seeds)
}

/// These combinations of values, each from so many seeds.
///
/// # Errors
/// The first thing wrong with the fields, or the first member that is no valid spec.
pub fn members(
    base: &Spec,
    varies: &[Vary],
    combinations: impl Iterator<Item = Vec<String>>,
    seeds: usize,
) -> Result<Vec<Member>, VaryError> {
    let last = (seeds as u64).saturating_sub(1);
    if base.seed.checked_add(last).is_none() {
        let first = base.seed;
        return Err(VaryError::Seeds { seeds, first });
    }
    for (index, vary) in varies.iter().enumerate() {
        if varies[..index].iter().any(|other| other.key == vary.key) {
            let key = vary.key.clone();
            return Err(VaryError::SameKey { key });
        }
    }
    let base_value = serde_json::to_value(base).unwrap_or_default();
    let order = setting_order(&base_value, varies);
    let mut found: Vec<Member> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for values in combinations {
        let spec = with_values(&base_value, varies, &values, &order)?;
        for offset in 0..seeds as u64 {
            let member = Member {
                values: values.clone(),
                spec: spec.clone().with_seed(base.seed + offset),
            };
            if let Some(first) = seen.insert(member.spec.to_json(), found.len()) {
                return Err(VaryError::SameMember {
                    first: label(varies, &found[first].values),
                    second: label(varies, &values),
                });
            }
            found.push(member);
        }
    }
    Ok(found)
}

/// `learning_rate=0.001 dropout=0.2`.
pub fn label(varies: &[Vary], values: &[String]) -> String {
    let pairs = varies.iter().zip(values);
    let words: Vec<String> = pairs
        .map(|(vary, value)| format!("{}={value}", vary.key))
        .collect();
    words.join(" ")
}

/// The values of a combination: the digits of its number, the last field's changing fastest.
fn combination_values(varies: &[Vary], combination: usize) -> Vec<String> {
    let mut rest = combination;
    let mut values: Vec<String> = Vec::with_capacity(varies.len());
    for vary in varies.iter().rev() {
        values.push(vary.values[rest % vary.values.len()].clone());
        rest /= vary.values.len();
    }
    values.reverse();
    values
}

/// In which order to set the fields: those nearer to the top first, as they may hold the others. A
/// field that the base does not have yet can only be inside one of them.
fn setting_order(base: &Value, varies: &[Vary]) -> Vec<usize> {
    let depth = |index: &usize| {
        let found = places(base, &varies[*index].key).unwrap_or_default();
        found.first().map_or(usize::MAX, Vec::len)
    };
    let mut order: Vec<usize> = (0..varies.len()).collect();
    order.sort_by_key(depth);
    order
}

/// The base with the first value of every field, checked.
///
/// # Errors
/// The first thing wrong with the fields, or why the spec is not valid.
pub fn combined(base: &Spec, varies: &[Vary]) -> Result<CheckedSpec, VaryError> {
    let base = serde_json::to_value(base).unwrap_or_default();
    let order = setting_order(&base, varies);
    with_values(&base, varies, &combination_values(varies, 0), &order)
}

/// The base with these values, checked.
fn with_values(
    base: &Value,
    varies: &[Vary],
    values: &[String],
    order: &[usize],
) -> Result<CheckedSpec, VaryError> {
    let mut json = base.clone();
    let mut taken: HashMap<Vec<String>, usize> = HashMap::new();
    let whole_variants = varies.iter().any(|vary| holds_fields(base, &vary.key));
    let member = |reason: String| VaryError::Member {
        values: label(varies, values),
        reason,
    };
    for index in order {
        let key = &varies[*index].key;
        if key == WITHOUT {
            continue;
        }
        let found = match places(&json, key) {
            // Whether the field is there may depend on the other values.
            Err(error @ VaryError::UnknownKey { .. }) if whole_variants => {
                return Err(member(error.to_string()));
            }
            found => found?,
        };
        for path in found {
            if let Some(other) = taken.insert(path.clone(), *index) {
                return Err(VaryError::SameField {
                    first: varies[other].key.clone(),
                    second: key.clone(),
                });
            }
            let value = value_at(&path, key, &values[*index])?;
            set(&mut json, &path, value);
        }
    }
    let problem = match Spec::parse(&json.to_string(), Path::new("")) {
        Ok(spec) => return leaving_out(spec, varies, values).map_err(member),
        Err(SpecError::Invalid { problem, .. }) => problem,
        Err(error) => return Err(member(error.to_string())),
    };
    // Whether a field that the base leaves out exists shows only when the spec is parsed.
    let unknown = varies
        .iter()
        .find(|vary| is_unknown_field(&problem, &vary.key));
    Err(match unknown {
        Some(vary) => VaryError::UnknownKey {
            key: vary.key.clone(),
            known: known_keys(base),
        },
        None if varies.is_empty() => VaryError::Member {
            values: "the spec".into(),
            reason: problem.to_string(),
        },
        None => member(problem.to_string()),
    })
}

/// The spec without the parts that are to be left out: when all fields have their values.
fn leaving_out(
    spec: CheckedSpec,
    varies: &[Vary],
    values: &[String],
) -> Result<CheckedSpec, String> {
    let parts = varies.iter().zip(values);
    let mut parts = parts.filter(|(vary, _)| vary.key == WITHOUT);
    parts.try_fold(spec, |spec, (_, key)| without(&spec, key))
}

fn is_unknown_field(problem: &Problem, key: &str) -> bool {
    let name = key.rsplit('.').next().unwrap_or(key);
    problem.message.contains(&format!("unknown field `{name}`"))
}

/// Whether a key of the base is a value with fields of its own.
fn holds_fields(base: &Value, key: &str) -> bool {
    let found = places(base, key).unwrap_or_default();
    found.iter().any(|path| choices(place_name(path)).is_some())
}

/// The place that [`choices`] knows: the last name of the path.
fn place_name(path: &[String]) -> &str {
    let is_name = |part: &&String| part.parse::<usize>().is_err();
    path.iter().rev().find(is_name).map_or("", String::as_str)
}

/// The JSON of `text` at this place: a variant by its name, with the values that the app's forms offer,
/// or JSON as it is.
fn value_at(path: &[String], key: &str, text: &str) -> Result<Value, VaryError> {
    let value = read(text);
    let (Some(offered), Value::String(name)) = (choices(place_name(path)), &value) else {
        return Ok(value);
    };
    let names = || offered.iter().filter_map(variant).map(|(name, _)| name);
    match names().position(|known| known == name) {
        Some(index) => Ok(offered[index].clone()),
        None => {
            let mut names: Vec<&str> = names().collect();
            names.dedup();
            Err(VaryError::UnknownChoice {
                key: key.to_owned(),
                value: name.clone(),
                names: names.join(", "),
            })
        }
    }
}
