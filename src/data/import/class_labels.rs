//! Labels as the source has them, and the classes they become.

use std::collections::{BTreeMap, HashMap};

use crate::data::classes::{MAX_CLASSES, MAX_NAME};
use crate::text::{first, is_unseen};

/// The different labels of a source, each with a number in the order in which they came.
#[derive(Debug, Default)]
pub struct ClassLabels {
    values: Vec<String>,
    numbers: HashMap<String, u32>,
    /// What a label stands for, where the source says it.
    names: BTreeMap<String, String>,
}

/// The classes of a source.
#[derive(Debug)]
pub struct Classes {
    /// In the order of the classes.
    pub names: Vec<String>,
    /// The class of each [number](ClassLabels::number).
    pub class_of: Vec<u8>,
}

impl ClassLabels {
    /// The number of a label.
    ///
    /// # Errors
    /// More labels than classes are allowed.
    pub fn number(&mut self, value: &str) -> Result<u32, String> {
        if let Some(number) = self.numbers.get(value) {
            return Ok(*number);
        }
        if self.values.len() == MAX_CLASSES {
            return Err(format!(
                "has more than {MAX_CLASSES} different labels, the most classes there may be; are these labels?"
            ));
        }
        let number = self.values.len() as u32;
        self.values.push(value.to_owned());
        self.numbers.insert(value.to_owned(), number);
        Ok(number)
    }

    /// Says what a label stands for.
    pub fn name(&mut self, value: String, name: String) {
        self.names.insert(value, name);
    }

    /// The labels as classes, in natural order: 2 comes before 10.
    pub fn classes(self) -> Classes {
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        order.sort_by(|one, other| natural_order(&self.values[*one], &self.values[*other]));
        let mut class_of = vec![0; order.len()];
        let mut names: Vec<String> = Vec::with_capacity(order.len());
        for (class, number) in order.into_iter().enumerate() {
            // At most 256.
            class_of[number] = class as u8;
            let value = &self.values[number];
            let name = clean(self.names.get(value).unwrap_or(value));
            let is_new = !name.is_empty() && !names.contains(&name);
            // Names that were cut may have become equal.
            names.push(if is_new {
                name
            } else {
                format!("class {class}")
            });
        }
        Classes { names, class_of }
    }
}

/// Numbers within names are compared as numbers.
pub fn natural_order(one: &str, other: &str) -> std::cmp::Ordering {
    alphanumeric_sort::compare_str(one, other).then_with(|| one.cmp(other))
}

/// A name on one line, not too long.
fn clean(name: &str) -> String {
    let seen: String = name.chars().filter(|letter| !is_unseen(*letter)).collect();
    let short: String = first(seen.trim(), MAX_NAME)
        .chars()
        .take(MAX_NAME)
        .collect();
    short.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_in_natural_order_and_have_names_fit_for_a_line() {
        let mut labels = ClassLabels::default();
        for value in ["10", "2", "1", "2"] {
            labels.number(value).unwrap();
        }
        labels.name("2".into(), "two\n\u{1b}[2J".into());
        let classes = labels.classes();
        assert_eq!(classes.names, ["1", "two[2J", "10"]);
        assert_eq!(classes.class_of, [2, 1, 0]);
    }

    #[test]
    fn there_are_at_most_256_classes() {
        let mut labels = ClassLabels::default();
        for value in 0..256 {
            labels.number(&value.to_string()).unwrap();
        }
        assert!(labels.number("7").is_ok());
        assert!(labels.number("more").is_err());
    }
}
