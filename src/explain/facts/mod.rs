//! Today's numbers, as topics have places for them.

mod answers;
mod learning;
mod network;

use crate::text::escape_controls;
use serde::Serialize;
use std::collections::BTreeMap;

/// Numbers and names in words, by the names that topics call them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, String>);

impl Facts {
    /// Takes a number or a name, which may come from a file.
    pub fn set(&mut self, name: &str, value: impl std::fmt::Display) {
        let value = escape_controls(&value.to_string());
        self.0.insert(name.to_owned(), value);
    }

    /// Takes all of others; they replace those of the same name.
    pub fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// `text` with each `{name}` replaced; none where a name is not known.
    pub fn fill(&self, text: &str) -> Option<String> {
        let mut parts = text.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}')?;
            filled.push_str(self.get(name)?);
            filled.push_str(rest);
        }
        Some(filled)
    }

    /// The names that have a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A share in percent: `12.3 %`; one that is not quite none or all is not rounded to that.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        percent if percent > 0.0 && percent < 0.05 => "under 0.1 %".into(),
        percent if (99.95..100.0).contains(&percent) => "over 99.9 %".into(),
        percent => format!("{percent:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_or_the_text_is_left_out() {
        let mut facts = Facts::default();
        facts.set("p", 0.3);
        facts.set("name", "a\u{1b}b");
        assert_eq!(facts.fill("p is {p}.").as_deref(), Some("p is 0.3."));
        assert_eq!(facts.fill("{q} and {p}"), None);
        assert_eq!(facts.fill("{p"), None);
        assert_eq!(facts.fill("none").as_deref(), Some("none"));
        assert!(!facts.get("name").unwrap().contains('\u{1b}'));
    }
}
