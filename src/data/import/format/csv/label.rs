//! Which column of a table has the labels.

use std::collections::HashMap;

use super::table::{Table, number};
use crate::data::classes::MAX_CLASSES;

/// Where the labels are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelColumn {
    /// In the first column.
    First,
    /// In the last one.
    Last,
}

/// How the values of a column are distributed, if they can be labels.
struct Values {
    different: usize,
    /// Of the most frequent one, 0 to 1.
    share: f64,
    /// Whether there is one that is no number, as no pixel is.
    are_words: bool,
}

impl LabelColumn {
    /// Of a table: as its header says, else the end whose values look more like labels. A pixel in a corner
    /// nearly always has the same level, or one of very many; labels are a few, each of them often.
    ///
    /// # Errors
    /// If neither can be labels.
    pub fn of(table: &Table) -> Result<Self, String> {
        if let Some([first, last]) = &table.header {
            match (is_label(first), is_label(last)) {
                (true, false) => return Ok(Self::First),
                (false, true) => return Ok(Self::Last),
                _ => {}
            }
        }
        match (Values::of(&table.first), Values::of(&table.last)) {
            (None, None) => Err(format!(
                "has labels neither in its first nor in its last column: 2 to {MAX_CLASSES} different names or \
                 whole numbers"
            )),
            (Some(_), None) => Ok(Self::First),
            (None, Some(_)) => Ok(Self::Last),
            (Some(first), Some(last)) => {
                let is_first = if first.are_words != last.are_words {
                    first.are_words
                } else if first.share.max(last.share) >= 0.5 {
                    first.share <= last.share
                } else {
                    first.different <= last.different
                };
                Ok(if is_first { Self::First } else { Self::Last })
            }
        }
    }

    /// What is said of it.
    pub fn description(self) -> &'static str {
        match self {
            Self::First => "labels in the first column",
            Self::Last => "labels in the last column",
        }
    }
}

/// Whether a column of this name has labels.
fn is_label(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["label", "class", "target", "y", "category"].contains(&name.as_str()) || name.contains("label")
}

impl Values {
    fn of(column: &[String]) -> Option<Self> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for value in column {
            *counts.entry(value).or_default() += 1;
            if counts.len() > MAX_CLASSES {
                return None;
            }
        }
        let is_fraction = |value: &&str| {
            let number = number(value.as_bytes());
            number.is_some_and(|number| number.fract() != 0.0)
        };
        if counts.len() < 2 || counts.keys().any(is_fraction) {
            return None;
        }
        let most = counts.values().max().copied().unwrap_or(0);
        Some(Self {
            different: counts.len(),
            share: most as f64 / column.len() as f64,
            are_words: counts
                .keys()
                .any(|value| number(value.as_bytes()).is_none()),
        })
    }
}

/// A label without what a spreadsheet adds to it: 3.0 is 3.
pub fn label_of(value: &str) -> String {
    match number(value.as_bytes()) {
        Some(number) if number.fract() == 0.0 && number.abs() < 1e9 => (number as i64).to_string(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn column(text: &str) -> Option<LabelColumn> {
        let table = super::super::table::parse(text.as_bytes(), b',', Path::new("t")).unwrap();
        LabelColumn::of(&table).ok()
    }

    #[test]
    fn the_header_says_it_or_else_the_values() {
        use LabelColumn::{First, Last};
        assert_eq!(column("p1,p2,p3,Class\n1,9,9,0\n2,9,9,0\n"), Some(Last));
        // A corner is dark nearly everywhere.
        assert_eq!(column("3,0,9,0\n1,0,9,0\n2,4,9,0\n1,0,9,1\n"), Some(First));
        // A corner of photographs has many levels.
        let photographs = (0..40).map(|row| format!("{},8,9,{}\n", row * 6, row % 4));
        assert_eq!(column(&photographs.collect::<String>()), Some(Last));
        assert_eq!(column("0.5,1,2,cat\n0.25,1,2,dog\n"), Some(Last));
        assert_eq!(column("cat,1,2,5\ncat,1,2,7\ndog,1,2,9\n"), Some(First));
        assert_eq!(column("0,1,2,5\n0,1,2,5\n"), None);
        assert_eq!(label_of("3.0"), "3");
        assert_eq!(label_of("cat"), "cat");
    }
}
