//! What a sweep is: the content of `sweep.json`.

use super::{Halving, SweepError};
use crate::fs::read_limited;
use crate::spec::Spec;
use crate::spec::ablation::{NOTHING, Part, WITHOUT};
use crate::spec::vary::{Vary, VaryError};
use crate::text::{escape_json, file_name};
use crate::train::DataIdentity;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The version of the format of `sweep.json`.
const FORMAT: u32 = 1;
/// A longer file is not one of ours: 10,000 values take less.
const MAX_BYTES: u64 = 4 << 20;

/// What a sweep is: the content of `sweep.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepPlan {
    /// The version of the file's format.
    format: u32,
    /// The version of the program that began the sweep.
    program: String,
    /// What all members have in common.
    pub spec: Spec,
    /// What they differ in.
    pub vary: Vec<Vary>,
    /// Members with the same values, each from another seed.
    pub seeds: usize,
    /// The images they see.
    pub data: DataIdentity,
    /// How many combinations of values are drawn; without it there are all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials: Option<usize>,
    /// Whether and how those that do worst are pruned early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prune: Option<Halving>,
}

impl SweepPlan {
    /// The sweep of `spec` over these fields and seeds on this data.
    pub fn new(spec: Spec, vary: Vec<Vary>, seeds: usize, data: DataIdentity) -> Self {
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").into(),
            spec,
            vary,
            seeds,
            data,
            trials: None,
            prune: None,
        }
    }

    /// The same with so many combinations of values that are drawn; none is all of them.
    #[must_use]
    pub fn with_trials(self, trials: Option<usize>) -> Self {
        Self { trials, ..self }
    }

    /// The same, with those that do worst pruned early.
    #[must_use]
    pub fn pruned(self, prune: Option<Halving>) -> Self {
        Self { prune, ..self }
    }

    /// The sweep of `spec` as it is and without each of these parts.
    ///
    /// # Errors
    /// A part that is given twice.
    pub fn ablation(
        spec: Spec,
        parts: &[Part],
        seeds: usize,
        data: DataIdentity,
    ) -> Result<Self, VaryError> {
        let whole = std::iter::once(NOTHING.to_owned());
        let keys = whole.chain(parts.iter().map(Part::key)).collect();
        let vary = vec![Vary::new(WITHOUT, keys)?];
        Ok(Self::new(spec, vary, seeds, data))
    }

    /// The keys of the parts that are left out, if this is an ablation: a sweep of the whole network and of
    /// nothing else but that network without one part each.
    pub fn left_out(&self) -> Option<&[String]> {
        let [vary] = &self.vary[..] else {
            return None;
        };
        let (first, parts) = vary.values.split_first()?;
        (vary.key == WITHOUT && first == NOTHING).then_some(parts)
    }

    /// How many images validate a member of this spec: those it holds out, or the data's own.
    pub fn validation_images(&self, member: &Spec) -> usize {
        match member.validation.hold_out {
            0 => self.data.validation_images,
            _ => member.validation.held_out(self.data.train_images),
        }
    }

    /// `sweep-<name>-<checksum>`, of an ablation `ablation-<name>-<checksum>`: the same for the same sweep, wherever and whenever it is begun.
    pub fn folder_name(&self) -> String {
        let same = Self {
            program: String::new(),
            ..self.clone()
        };
        let checksum = crc32fast::hash(same.to_json().as_bytes());
        let kind = match self.left_out() {
            Some(_) => "ablation",
            None => "sweep",
        };
        format!("{kind}-{}-{checksum:08x}", file_name(&self.spec.name))
    }

    pub(super) fn to_json(&self) -> String {
        // Plain structs with string keys: serialising them cannot fail.
        let mut json = escape_json(&serde_json::to_string_pretty(self).unwrap_or_default());
        json.push('\n');
        json
    }

    /// How two plans differ, if they do. The program's version may: every version reads its files.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        if self.spec != other.spec {
            return Some("its spec has other values".into());
        }
        if self.vary != other.vary {
            let words = |plan: &Self| match plan.vary.is_empty() {
                true => "nothing".to_owned(),
                false => plan.varied(),
            };
            return Some(format!("it varies {}, not {}", words(other), words(self)));
        }
        if self.seeds != other.seeds {
            return Some(format!("it has {} seeds, not {}", other.seeds, self.seeds));
        }
        if self.trials != other.trials {
            let words = |trials: Option<usize>| match trials {
                None => "every combination".to_owned(),
                Some(count) => format!("{count} trials"),
            };
            return Some(format!(
                "it has {}, not {}",
                words(other.trials),
                words(self.trials)
            ));
        }
        if self.prune != other.prune {
            let words = |prune: Option<Halving>| match prune {
                None => "is not pruned".to_owned(),
                Some(Halving { factor }) => format!("is pruned by {factor}"),
            };
            return Some(format!(
                "it {}, and this one {}",
                words(other.prune),
                words(self.prune)
            ));
        }
        if self.data != other.data {
            let (theirs, ours) = (other.data.description(), self.data.description());
            return Some(format!("its data is {theirs}, not {ours}"));
        }
        None
    }

    /// `learning_rate=0.1,0.2 dropout=0.3`.
    pub fn varied(&self) -> String {
        let words = self.vary.iter();
        let words: Vec<String> = words
            .map(|vary| format!("{}={}", vary.key, vary.values.join(",")))
            .collect();
        words.join(" ")
    }

    /// Checks what a file says of the varied fields: it must be written as [`Vary::new`] writes it,
    /// which lets no control characters through.
    pub(super) fn check_varies(&self) -> Result<(), SweepError> {
        for vary in &self.vary {
            let written = Vary::new(&vary.key, vary.values.clone())?;
            if written != *vary || vary.values.is_empty() {
                let text = crate::text::escape_controls(&vary.key);
                return Err(VaryError::Syntax { text }.into());
            }
        }
        Ok(())
    }

    pub(super) fn read(path: &Path) -> Result<Self, SweepError> {
        let unreadable = |reason: String| SweepError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        // Opening a pipe of this name would never end.
        if !path.is_file() {
            return Err(unreadable("there is no such file".into()));
        }
        let bytes = read_limited(path, MAX_BYTES).map_err(|error| unreadable(error.to_string()))?;
        let plan: Self = serde_json::from_slice(&bytes)
            .map_err(|error| unreadable(crate::text::escape_controls(&error.to_string())))?;
        if plan.format != FORMAT {
            return Err(unreadable(format!(
                "it is written in format {}, this program knows {FORMAT}; use version {} of it",
                plan.format,
                crate::text::escape_controls(&plan.program)
            )));
        }
        Ok(plan)
    }
}
