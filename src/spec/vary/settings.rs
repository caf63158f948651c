//! Fields of a spec with one new value each.

use super::grid::combined;
use super::value::{read, written};
use super::{Vary, VaryError};
use crate::spec::{CheckedSpec, Spec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields and their new values, in JSON `{"learning_rate": 0.01, "dropout": 0.2}`; the fields are named
/// as [`Vary`] names them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, Value>);

impl Settings {
    /// One field with its new value.
    pub fn of(key: &str, value: impl Into<Value>) -> Self {
        Self(BTreeMap::from([(key.to_owned(), value.into())]))
    }

    /// Reads texts such as `learning_rate=0.01`.
    ///
    /// # Errors
    /// A text that is no field with a value, or a field that is given twice.
    pub fn parse(texts: &[String]) -> Result<Self, VaryError> {
        let mut settings = Self::default();
        for text in texts {
            let syntax = || VaryError::SingleSyntax {
                text: crate::text::escape_controls(text),
            };
            let (key, value) = text.split_once('=').ok_or_else(syntax)?;
            let (key, value) = (key.trim(), value.trim());
            if key.is_empty() || value.is_empty() {
                return Err(syntax());
            }
            if settings.0.insert(key.to_owned(), read(value)).is_some() {
                let key = crate::text::escape_controls(key);
                return Err(VaryError::SameKey { key });
            }
        }
        Ok(settings)
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets another field too, or gives it another value.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// The value of a field, if it is set.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The spec with these values, checked.
    ///
    /// # Errors
    /// A field that does not exist, or a value that makes no valid spec.
    pub fn apply(&self, spec: &Spec) -> Result<CheckedSpec, VaryError> {
        let vary = |(key, value): (&String, &Value)| Vary::new(key, vec![written(value)]);
        let varies: Vec<Vary> = self.0.iter().map(vary).collect::<Result<_, _>>()?;
        combined(spec, &varies)
    }
}

impl std::fmt::Display for Settings {
    /// `dropout 0.2, learning_rate 0.01`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = |(key, value): (&String, &Value)| format!("{key} {}", written(value));
        let words: Vec<String> = self.0.iter().map(word).collect();
        f.write_str(&crate::text::escape_controls(&words.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    fn parse(texts: &[&str]) -> Result<Settings, VaryError> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        Settings::parse(&texts)
    }

    #[test]
    fn fields_get_new_values_and_json_keeps_them() {
        let base = preset("bn-dropout").unwrap();
        let settings = parse(&["learning_rate=0.02", "dropout=0.1", "epochs=7"]).unwrap();
        let spec = settings.apply(&base).unwrap();
        assert_eq!((spec.learning_rate, spec.epochs), (0.02, 7));
        assert_eq!(
            settings.to_string(),
            "dropout 0.1, epochs 7, learning_rate 0.02"
        );
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(json, r#"{"dropout":0.1,"epochs":7,"learning_rate":0.02}"#);
        assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
    }

    #[test]
    fn what_is_no_field_or_no_value_is_refused() {
        let base = preset("tiny").unwrap();
        for text in ["learning_rate", "=1", "learning_rate="] {
            assert!(parse(&[text]).is_err(), "{text}");
        }
        assert!(parse(&["epochs=1", "epochs=2"]).is_err());
        let apply = |text| {
            parse(&[text])
                .unwrap()
                .apply(&base)
                .unwrap_err()
                .to_string()
        };
        assert!(apply("learning_rat=1").contains("no such field"));
        assert!(apply("learning_rate=-1").contains("learning_rate"));
    }
}
