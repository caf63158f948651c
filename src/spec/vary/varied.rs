//! A field that is varied, and its values.

use super::value::{read, split, written};
use super::{Range, VaryError};
use serde::{Deserialize, Serialize};

/// A field of the spec and the values it takes one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vary {
    /// The path to the field: `learning_rate`, `optimizer.weight_decay`, `layers.3.units` with the
    /// layers counted from 1, or one of the names that stand for all layers of a kind: `dropout`,
    /// `activation`. A name that occurs only once in the spec needs no path.
    pub key: String,
    /// Its values as they are written on the command line: `0.001`, `Adam`,
    /// `{"Step":{"every_epochs":5,"factor":0.5}}`; or a single range that they are drawn from: `1e-4..1e-1:log`.
    pub values: Vec<String>,
}

impl Vary {
    /// Reads `KEY=V1,V2,…`. Commas inside braces, brackets and quotes belong to the value.
    ///
    /// # Errors
    /// No key, no value, an empty one, or one that is given twice.
    pub fn parse(text: &str) -> Result<Self, VaryError> {
        let (key, list) = text
            .split_once('=')
            .map(|(key, list)| (key.trim(), list))
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| VaryError::Syntax {
                text: crate::text::escape_controls(text),
            })?;
        let values = split(list).into_iter().map(str::to_owned).collect();
        Self::new(key, values)
    }

    /// A field with its values, each in its canonical form.
    ///
    /// # Errors
    /// An empty value, or one that is given twice.
    pub fn new(key: &str, values: Vec<String>) -> Result<Self, VaryError> {
        let key = crate::text::escape_controls(key);
        let mut canonical: Vec<String> = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let value = crate::text::escape_controls(value.trim());
            if value.is_empty() {
                let position = index + 1;
                return Err(VaryError::EmptyValue { key, position });
            }
            let value = written(&read(&value));
            if canonical.contains(&value) {
                return Err(VaryError::SameValue { key, value });
            }
            canonical.push(value);
        }
        Ok(Self {
            key,
            values: canonical,
        })
    }

    /// The range that values are drawn from, if it is one.
    ///
    /// # Errors
    /// A range that is none, or that stands beside other values.
    pub fn range(&self) -> Result<Option<Range>, VaryError> {
        let ranges = self.values.iter();
        let mut ranges = ranges.filter_map(|text| Some((text, Range::parse(&self.key, text)?)));
        match ranges.next() {
            None => Ok(None),
            Some((text, _)) if self.values.len() > 1 => Err(VaryError::RangeInList {
                key: self.key.clone(),
                text: text.clone(),
            }),
            Some((_, range)) => range.map(Some),
        }
    }
}
