//! The values of a TOML text, with places for what is wrong with them.

use super::error::Problem;
use super::nearest::suggestion;
use crate::text::escape_controls;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A name of a table, its byte in the text, and its value.
pub struct Entry<'a> {
    /// The name.
    pub name: &'a str,
    /// Where it stands.
    pub at: usize,
    /// What it is given.
    pub value: Value<'a>,
}

/// A value and its place.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    text: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

/// The entries of a table, in the order of the text.
pub fn entries<'a>(text: &'a str, table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = table
        .iter()
        .map(|(name, value)| Entry {
            name: name.get_ref(),
            at: name.span().start,
            value: Value { text, value },
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    entries
}

impl<'a> Value<'a> {
    /// A problem with the value.
    pub fn problem(self, message: impl Into<String>) -> Problem {
        Problem::at(self.text, self.value.span().start, message)
    }

    /// The entries of a table.
    pub fn table(self, example: &str) -> Result<Vec<Entry<'a>>, Problem> {
        match self.value.get_ref() {
            DeValue::Table(table) => Ok(entries(self.text, table)),
            _ => Err(self.problem(format!("must be a table, as in {example}"))),
        }
    }

    /// A text.
    pub fn string(self) -> Result<&'a str, Problem> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.problem("must be a text in quotes")),
        }
    }

    /// A text, or a list of texts.
    pub fn strings(self) -> Result<Vec<Value<'a>>, Problem> {
        match self.value.get_ref() {
            DeValue::String(_) => Ok(vec![self]),
            DeValue::Array(values) => Ok(values
                .iter()
                .map(|value| Value {
                    text: self.text,
                    value,
                })
                .collect()),
            _ => Err(self.problem("must be a key in quotes, or a list of such")),
        }
    }

    /// Yes or no.
    pub fn boolean(self) -> Result<bool, Problem> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Ok(*value),
            _ => Err(self.problem("must be true or false")),
        }
    }

    /// A whole number from 1 to `most`.
    pub fn count(self, most: u16) -> Result<u16, Problem> {
        let number = match self.value.get_ref() {
            DeValue::Integer(number) => u16::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        number
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| self.problem(format!("must be a whole number from 1 to {most}")))
    }

    /// What stands beside the name that the text is.
    pub fn choice<T: Copy>(self, choices: &[(&'static str, T)]) -> Result<T, Problem> {
        let wanted = self.string()?;
        let found = choices.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.problem(format!(
                "{:?} must be one of {}{}",
                escape_controls(wanted),
                names.join(", "),
                suggestion(wanted, names.iter().copied())
            ))
        })
    }
}
