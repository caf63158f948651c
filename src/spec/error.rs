//! Why a spec is invalid, and where.

use crate::text::{escape_controls, shown_path};
use std::path::PathBuf;

/// Something wrong at one place of a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path from the top of the JSON to the place: keys, variants and list positions.
    pub path: Vec<String>,
    /// What is wrong there and what to do.
    pub message: String,
}

impl Problem {
    /// A problem with one field; `path` leads to it.
    pub fn field(path: &[&str], message: impl Into<String>) -> Self {
        Self {
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            message: message.into(),
        }
    }

    /// A problem with a whole layer; `index` counts from 0.
    pub fn layer(index: usize, kind: &str, message: impl Into<String>) -> Self {
        Self::field(&["layers", &index.to_string(), kind], message)
    }

    /// Position of the layer it stands at, counted from 0.
    pub fn layer_index(&self) -> Option<usize> {
        match self.path.as_slice() {
            [list, index, ..] if list == "layers" => index.parse().ok(),
            _ => None,
        }
    }

    /// The name of the field it stands at, if it stands at one.
    pub fn field_name(&self) -> Option<&str> {
        let last = self.path.last()?;
        let is_name = last.starts_with(|first: char| first.is_ascii_lowercase());
        is_name.then_some(last)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Layers are counted from 1 wherever a person reads them.
        if let Some(index) = self.layer_index() {
            write!(f, "layer {}", index + 1)?;
            if let Some(kind) = self.path.get(2) {
                write!(f, " ({})", escape_controls(kind))?;
            }
            f.write_str(": ")?;
        } else if !self.path.is_empty() {
            write!(f, "{}: ", escape_controls(&self.path.join(".")))?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// Why a spec file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// The file could not be opened or read.
    #[error("cannot read the spec {path}: {source}", path = shown_path(.path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The text is not a valid spec.
    #[error("{file}:{line}:{column}: {problem}", file = shown_path(.path))]
    Invalid {
        /// The file, or what stands for it.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        problem: Problem,
    },
    /// No preset has this name.
    #[error("there is no preset {name:?}; the presets are {known}")]
    UnknownPreset {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_counted_from_one() {
        let problem = Problem::layer(2, "Conv2d", "kernel 5 is larger than its 4×4 input");
        assert_eq!(
            problem.to_string(),
            "layer 3 (Conv2d): kernel 5 is larger than its 4×4 input"
        );
    }
}
