//! A sweep in its folder.

use super::member::{Standing, SweepMember, members};
use super::{Rung, SweepError, SweepPlan};
use crate::fs::{TEMPORARY_PREFIX, write_atomically};
use crate::spec::vary::{grid, trials};
use std::path::{Path, PathBuf};

/// The file that makes a folder a sweep's.
pub const SWEEP_FILE: &str = "sweep.json";

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

impl Sweep {
    /// The sweep of `plan` in `folder`; checks every member, writes nothing.
    ///
    /// # Errors
    /// What is wrong with the fields that are varied, or the first member that is no valid spec.
    pub fn new(plan: SweepPlan, folder: PathBuf) -> Result<Self, SweepError> {
        let found = match plan.trials {
            None => grid(&plan.spec, &plan.vary, plan.seeds)?,
            Some(count) => trials(&plan.spec, &plan.vary, plan.seeds, count)?,
        };
        let members = members(&plan.vary, found, &folder);
        if let Some(halving) = plan.prune {
            halving.check(&members, plan.seeds)?;
        }
        Ok(Self {
            plan,
            folder,
            members,
        })
    }

    /// The sweep that is in `folder`.
    ///
    /// # Errors
    /// When there is none, or its file is invalid.
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
        // Another shard may have written it first: what is on disk now counts.
        match self.plan.difference(&SweepPlan::read(&file)?) {
            Some(difference) => Err(SweepError::Other {
                path: self.folder.clone(),
                difference,
            }),
            None => Ok(()),
        }
    }

    /// In which order to train these members: the grid's, but of an ablation all parts from the first seed come
    /// first, so that each of them has a result early.
    pub fn training_order(&self, mut members: Vec<usize>) -> Vec<usize> {
        if self.plan.left_out().is_some() {
            members.sort_by_key(|index| index % self.plan.seeds.max(1));
        }
        members
    }

    /// Where members are compared and pruned, if they are.
    pub fn rungs(&self) -> Vec<Rung> {
        let halving = self.plan.prune;
        halving.map_or_else(Vec::new, |halving| {
            let groups = self.members.len() / self.plan.seeds.max(1);
            halving.rungs(self.plan.spec.epochs, groups)
        })
    }

    /// How far every member is, in the grid's order.
    pub fn standings(&self) -> Vec<Standing> {
        self.members.iter().map(SweepMember::standing).collect()
    }
}

/// Whether a sweep is in `folder`.
pub fn is_sweep(folder: &Path) -> bool {
    folder.join(SWEEP_FILE).is_file()
}
