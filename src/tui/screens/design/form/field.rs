//! One field: what it may hold and the text it holds.

use crate::spec::limits::{Limit, text_limit};
use crate::spec::{about, meaning};
use serde_json::{Number, Value};

/// One line of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// The path to its value: keys and variants.
    pub path: Vec<String>,
    /// Its name as people read it.
    pub label: String,
    /// What it may hold.
    pub kind: Kind,
    /// Its text as typed.
    pub text: String,
    /// What is wrong with the text.
    pub error: Option<String>,
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number within limits.
    Number(Limit),
    /// One of several variants.
    Choice(Vec<String>),
    /// Yes or no.
    Flag,
    /// A name.
    Text,
}

impl Field {
    /// The field's name as JSON spells it.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// Whether it is filled in by typing.
    pub fn is_typed(&self) -> bool {
        matches!(self.kind, Kind::Number(_) | Kind::Text)
    }

    /// The parsed value.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(&self) -> Result<Value, String> {
        let text = self.text.trim();
        match &self.kind {
            Kind::Number(Limit::Whole(min, max)) => text
                .parse::<u64>()
                .ok()
                .filter(|number| (min..=max).contains(&number))
                .map(Value::from)
                .ok_or_else(|| format!("must be a whole number, {}", self.range())),
            Kind::Number(Limit::Real(min, max)) => text
                .parse::<f64>()
                .ok()
                .filter(|number| (min..=max).contains(&number))
                .and_then(Number::from_f64)
                .map(Value::Number)
                .ok_or_else(|| format!("must be a number, {}", self.range())),
            Kind::Flag => Ok(Value::Bool(self.text == "yes")),
            Kind::Text => {
                let (fewest, most) = text_limit(self.name());
                match (fewest..=most).contains(&text.chars().count()) {
                    true => Ok(Value::String(text.to_owned())),
                    false => Err(format!("must have {}", self.range())),
                }
            }
            Kind::Choice(_) => Ok(Value::String(self.text.clone())),
        }
    }

    /// What may stand in the field and what it does, in a few words.
    pub fn allowed(&self) -> String {
        let range = self.range();
        let owner = self.path.iter().rev().nth(1).map_or("", String::as_str);
        match about(owner, self.name()) {
            Some(about) => format!("{range}: {about}"),
            None => range,
        }
    }

    /// The values it may have.
    pub fn range(&self) -> String {
        match &self.kind {
            Kind::Number(Limit::Whole(min, max)) => format!("{min} to {max}"),
            Kind::Number(Limit::Real(min, max)) => {
                format!("{} to {}", number(*min), number(*max))
            }
            Kind::Choice(names) => {
                let at = names.iter().position(|name| *name == self.text);
                let position = format!("{} of {}", at.map_or(0, |at| at + 1), names.len());
                match meaning(self.name(), &self.text) {
                    Some(meaning) => format!("{position}: {meaning}"),
                    None => position,
                }
            }
            Kind::Flag => "yes or no".into(),
            Kind::Text => {
                let (fewest, most) = text_limit(self.name());
                format!("{fewest} to {most} characters")
            }
        }
    }
}

/// The shortest text that parses to the same number: `0.3`, `1e-8`.
pub fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-3 {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// A JSON value as the text of a field.
pub fn text(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.into(),
        Value::String(text) => text.clone(),
        Value::Number(value) => match (value.as_u64(), value.as_f64()) {
            (Some(whole), _) => whole.to_string(),
            (None, Some(real)) => number(real),
            (None, None) => value.to_string(),
        },
        _ => String::new(),
    }
}
