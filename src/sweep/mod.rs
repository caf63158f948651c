//! Sweeps: the members of a grid of specs, each with a run folder of its own in one folder for all.
//!
//! `sweep.json` says what the sweep is; everything else about it is in the run folders. So the same
//! sweep can be gone on with at any time, and by several machines at once: whoever holds the lock of a
//! member's folder trains it.

mod crew;
mod member;
mod ranking;
mod room;
#[cfg(test)]
mod tests;

use crate::fs::read_bounded;
use crate::fs::{TEMPORARY_PREFIX, write_atomically};
use crate::spec::Spec;
use crate::spec::vary::{Vary, VaryError, grid};
use crate::text::{escape_json, file_name, shown_path};
use crate::train::DataIdentity;
pub use crew::{Crew, CrewOptions, MemberEnd, Stopper, SweepEvent};
pub use member::{MemberState, Standing, SweepMember};
pub use ranking::{Group, Spread, ranking};
pub use room::{check_room, check_shapes_of};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file that makes a folder a sweep's.
pub const SWEEP_FILE: &str = "sweep.json";
/// The way `sweep.json` is written.
const FORMAT: u32 = 1;
/// A longer file is not one of ours: 10,000 values take less.
const MAX_BYTES: u64 = 4 << 20;

/// What a sweep is: the content of `sweep.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepPlan {
    /// The way the file is written.
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
}

/// A sweep in its folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// What it is.
    pub plan: SweepPlan,
    /// Where it is.
    pub folder: PathBuf,
    /// Every member of the grid, in the grid's order.
    pub members: Vec<SweepMember>,
}

/// Why a sweep cannot be begun, gone on with, or shown.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The grid does not hold together.
    #[error(transparent)]
    Vary(#[from] VaryError),
    /// Another sweep is in the folder.
    #[error(
        "{path}: another sweep is in this folder: {difference}; choose another folder with --out, or \
         give the command that it was begun with",
        path = shown_path(.path)
    )]
    Other {
        /// The folder.
        path: PathBuf,
        /// In what the two differ.
        difference: String,
    },
    /// Something that is no sweep is in the folder.
    #[error(
        "{path}: the folder is not empty and holds no sweep; choose a new one with --out",
        path = shown_path(.path)
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// There is no sweep that could be read.
    #[error("{path}: no sweep can be read there: {reason}", path = shown_path(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The folder or its file could not be written.
    #[error("{path}: {doing}: {source}", path = shown_path(.path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
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
        }
    }

    /// `sweep-<name>-<checksum>`: the same for the same sweep, wherever and whenever it is begun.
    pub fn folder_name(&self) -> String {
        let same = Self {
            program: String::new(),
            ..self.clone()
        };
        let checksum = crc32fast::hash(same.to_json().as_bytes());
        format!("sweep-{}-{checksum:08x}", file_name(&self.spec.name))
    }

    fn to_json(&self) -> String {
        // Plain structs with string keys: serialising them cannot fail.
        let mut json = escape_json(&serde_json::to_string_pretty(self).unwrap_or_default());
        json.push('\n');
        json
    }

    /// In what two plans differ, if they do. The program's version may: its files are read by all.
    fn difference(&self, other: &Self) -> Option<String> {
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

    /// A file may say anything: what is varied must be written as [`Vary::new`] writes it, which lets
    /// nothing through that a terminal would obey.
    fn check_varies(&self) -> Result<(), SweepError> {
        for vary in &self.vary {
            let written = Vary::new(&vary.key, vary.values.clone())?;
            if written != *vary || vary.values.is_empty() {
                let text = crate::text::escape_controls(&vary.key);
                return Err(VaryError::Syntax { text }.into());
            }
        }
        Ok(())
    }

    fn read(path: &Path) -> Result<Self, SweepError> {
        let unreadable = |reason: String| SweepError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        // Opening a pipe of this name would never end.
        if !path.is_file() {
            return Err(unreadable("there is no such file".into()));
        }
        let bytes = read_bounded(path, MAX_BYTES).map_err(|error| unreadable(error.to_string()))?;
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

impl Sweep {
    /// The sweep as `plan` says in `folder`; checks every member, writes nothing.
    ///
    /// # Errors
    /// What is wrong with the fields that are varied, or the first member that is no valid spec.
    pub fn new(plan: SweepPlan, folder: PathBuf) -> Result<Self, SweepError> {
        let found = grid(&plan.spec, &plan.vary, plan.seeds)?;
        let members = member::members(&plan.vary, found, &folder);
        Ok(Self {
            plan,
            folder,
            members,
        })
    }

    /// The sweep that is in `folder`.
    ///
    /// # Errors
    /// When there is none, or its file does not hold together.
    pub fn read(folder: &Path) -> Result<Self, SweepError> {
        let file = folder.join(SWEEP_FILE);
        let plan = SweepPlan::read(&file)?;
        let made = plan
            .check_varies()
            .and_then(|()| Self::new(plan, folder.to_owned()));
        made.map_err(|error| SweepError::Unreadable {
            path: file,
            reason: error.to_string(),
        })
    }

    /// Takes the folder for this sweep: makes it, or finds the same sweep in it.
    ///
    /// # Errors
    /// When something else is in it, or it cannot be made.
    pub fn claim(&self) -> Result<(), SweepError> {
        let file = self.folder.join(SWEEP_FILE);
        let failed = |path: &Path, doing, source| SweepError::Write {
            path: path.to_owned(),
            doing,
            source,
        };
        std::fs::create_dir_all(&self.folder)
            .map_err(|error| failed(&self.folder, "cannot create the sweep's folder", error))?;
        if !file.exists() {
            let entries = std::fs::read_dir(&self.folder)
                .map_err(|error| failed(&self.folder, "cannot read the folder", error))?;
            // Another shard may be writing the same file at this moment.
            let is_ours = |name: &str| name == SWEEP_FILE || name.starts_with(TEMPORARY_PREFIX);
            let mut names = entries.flatten().map(|entry| entry.file_name());
            if names.any(|name| !is_ours(&name.to_string_lossy())) && !file.exists() {
                return Err(SweepError::InUse {
                    path: self.folder.clone(),
                });
            }
            write_atomically(&file, self.plan.to_json().as_bytes())
                .map_err(|error| failed(&file, "cannot write the file", error))?;
        }
        // What counts is what is there now, whoever wrote it.
        match self.plan.difference(&SweepPlan::read(&file)?) {
            Some(difference) => Err(SweepError::Other {
                path: self.folder.clone(),
                difference,
            }),
            None => Ok(()),
        }
    }

    /// How every member stands, in the grid's order.
    pub fn standings(&self) -> Vec<Standing> {
        self.members.iter().map(SweepMember::standing).collect()
    }
}

/// Whether a sweep is in `folder`.
pub fn is_sweep(folder: &Path) -> bool {
    folder.join(SWEEP_FILE).is_file()
}
