//! The networks that ship with the program: one JSON file each in `presets/`, compiled in.

use super::{CheckedSpec, Spec, SpecError};
use std::path::Path;

/// A spec that ships with the program.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// What `--preset` takes.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// The spec's JSON.
    pub json: &'static str,
}

macro_rules! presets {
    ($($name:literal: $about:literal,)+) => {
        &[$(Preset {
            name: $name,
            about: $about,
            json: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/presets/", $name, ".json")),
        }),+]
    };
}

/// All presets: the study's four networks first.
pub const PRESETS: &[Preset] = presets! {
    "basic-cnn": "the study's first network, with SGD",
    "basic-cnn-adam": "the same network, with Adam",
    "bn": "batch norm before each activation",
    "bn-dropout": "and 30 % dropout: the study's best",
    "leaky-relu": "bn-dropout with Leaky ReLU",
    "five-minutes": "the most that five minutes on two cores give",
    "best": "the most that half an hour on two cores gives",
    "lenet5": "the classic of 1998",
    "mlp": "what dense layers alone can do",
    "tiny": "quick, for trying things",
};

/// The preset called `name`, parsed and checked.
///
/// # Errors
/// When there is no such preset.
pub fn preset(name: &str) -> Result<CheckedSpec, SpecError> {
    let found = PRESETS.iter().find(|preset| preset.name == name);
    let preset = found.ok_or_else(|| SpecError::UnknownPreset {
        name: name.to_owned(),
        known: PRESETS
            .iter()
            .map(|preset| preset.name)
            .collect::<Vec<_>>()
            .join(", "),
    })?;
    Spec::parse(preset.json, Path::new(preset.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_valid_and_carries_its_own_name() {
        for entry in PRESETS {
            let spec = preset(entry.name).unwrap();
            assert_eq!(spec.name, entry.name);
            assert_eq!(spec.summary().classes, 10);
        }
    }

    #[test]
    fn an_unknown_preset_names_the_ones_there_are() {
        let error = preset("basic").unwrap_err().to_string();
        assert!(
            error.contains("\"basic\"") && error.contains("basic-cnn-adam"),
            "{error}"
        );
    }
}
