//! A member of a sweep: its name, its folder, and how far it is.

use crate::fs::{read_limited, write_atomically};
use crate::runs::RunPlace;
use crate::runs::folder::{
    OUTCOME_FILE, SPEC_FILE, checkpoint_files, is_in_use, read_metrics, read_newest, read_test,
};
use crate::spec::vary::{Member, Vary, label};
use crate::spec::{CheckedSpec, Spec};
use crate::text::{escape_controls, shown_path};
use crate::train::{EpochMetrics, TestScores, best_epoch, is_complete};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The most bytes of a folder's name that are about the values; the number makes it unique.
const MAX_VALUES: usize = 100;
/// A longer file is not one of ours.
const MAX_BYTES: u64 = 64 << 10;

/// One spec of a sweep's grid.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepMember {
    /// Its place in the grid, from 1.
    pub number: usize,
    /// The value of every varied field.
    pub values: Vec<String>,
    /// What is trained.
    pub spec: CheckedSpec,
    /// Its run folder.
    pub folder: PathBuf,
    /// `learning_rate=0.001 dropout=0.2 seed=1`.
    pub label: String,
}

/// How far a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberState {
    /// Nothing is there yet.
    New,
    /// It was begun and can go on.
    Interrupted,
    /// A process is training it.
    UnderWay,
    /// It is trained to its end.
    Done,
    /// Others did better after this epoch, so it is not trained on.
    Pruned(usize),
    /// Its loss was NaN or infinite. It would be so again.
    Diverged(String),
    /// An error ended it. Another attempt may do better.
    Failed(String),
    /// Something else is in its folder.
    Foreign(String),
}

/// How far a member is, and its epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// How far it is.
    pub state: MemberState,
    /// Its complete epochs.
    pub epochs: Vec<EpochMetrics>,
    /// The scores of the test images, if it held images out and is done.
    pub test: Option<TestScores>,
}

impl Standing {
    /// The best epoch's validation accuracy, and the last one's.
    pub fn accuracies(&self) -> Option<(f64, f64)> {
        let best = best_epoch(&self.epochs)?.validation_accuracy;
        Some((best, self.epochs.last()?.validation_accuracy))
    }
}

/// How a member ended: the content of `outcome.json`. The metrics show neither a loss that was NaN, nor
/// whether a run with too few epochs has ended all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Outcome {
    Done,
    Pruned { epoch: usize },
    Diverged { message: String },
    Failed { message: String },
}

impl Outcome {
    fn read(folder: &Path) -> Option<Self> {
        let path = folder.join(OUTCOME_FILE);
        // Opening a pipe of this name would never end.
        if !path.is_file() {
            return None;
        }
        serde_json::from_slice(&read_limited(&path, MAX_BYTES).ok()?).ok()
    }

    /// Leaves the outcome in the member's folder, if it has one.
    pub(super) fn write(&self, folder: &Path) -> std::io::Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        let json = serde_json::to_string(self)?;
        write_atomically(&folder.join(OUTCOME_FILE), format!("{json}\n").as_bytes())
    }
}

impl SweepMember {
    /// Reads its folder.
    pub fn standing(&self) -> Standing {
        let epochs = read_metrics(&self.folder);
        let state = self.state(&epochs);
        let test = read_test(&self.folder);
        Standing {
            state,
            epochs,
            test,
        }
    }

    fn state(&self, epochs: &[EpochMetrics]) -> MemberState {
        let spec_file = self.folder.join(SPEC_FILE);
        if spec_file.is_file() && Spec::read(&spec_file).ok().as_ref() != Some(&self.spec) {
            let shown = shown_path(&spec_file);
            return MemberState::Foreign(format!("{shown} is not this member's spec"));
        }
        let outcome = Outcome::read(&self.folder);
        if is_in_use(&self.folder) {
            return MemberState::UnderWay;
        }
        let said = |message: String| escape_controls(&message);
        match outcome {
            Some(Outcome::Done) => MemberState::Done,
            _ if is_complete(&self.spec, &[], epochs) => MemberState::Done,
            Some(Outcome::Pruned { epoch }) => MemberState::Pruned(epoch),
            Some(Outcome::Diverged { message }) => MemberState::Diverged(said(message)),
            Some(Outcome::Failed { message }) => MemberState::Failed(said(message)),
            None if !checkpoint_files(&self.folder).is_empty() => MemberState::Interrupted,
            None => MemberState::New,
        }
    }

    /// Whether its end is on disk, so that there is nothing left to do: a member that has all its epochs
    /// but no `outcome.json` may still lack a file, which resuming it writes.
    pub(super) fn is_settled(&self) -> bool {
        matches!(
            Outcome::read(&self.folder),
            Some(Outcome::Done | Outcome::Diverged { .. })
        )
    }

    /// Where to train it: from its checkpoint on, or in a new folder. Removes the `outcome.json` of an
    /// earlier failure.
    ///
    /// # Errors
    /// A sentence when the folder holds another run, or one that cannot be resumed.
    pub(super) fn place(&self) -> Result<RunPlace, String> {
        let note = self.folder.join(OUTCOME_FILE);
        match std::fs::remove_file(&note) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("cannot remove {}: {error}", shown_path(&note)));
            }
            _ => {}
        }
        if checkpoint_files(&self.folder).is_empty() {
            return Ok(RunPlace::At(self.folder.clone()));
        }
        let shown = shown_path(&self.folder);
        let found = read_newest(&self.folder)
            .map_err(|error| format!("{error}; remove {shown} and the sweep trains it anew"))?;
        if found.checkpoint.spec != self.spec {
            return Err(format!("{shown}: the checkpoint is not this member's"));
        }
        Ok(RunPlace::Resume(self.folder.clone()))
    }
}

/// The members of a grid with their folders below `parent`.
pub(super) fn members(varies: &[Vary], grid: Vec<Member>, parent: &Path) -> Vec<SweepMember> {
    let digits = grid.len().to_string().len().max(3);
    grid.into_iter()
        .enumerate()
        .map(|(index, Member { values, spec })| {
            let number = index + 1;
            let name = folder_name(number, digits, varies, &values, spec.seed);
            let label = format!("{} seed={}", label(varies, &values), spec.seed);
            SweepMember {
                number,
                label: label.trim_start().to_owned(),
                folder: parent.join(name),
                values,
                spec,
            }
        })
        .collect()
}

/// `003-learning_rate=0.003-dropout=0.2-seed=2`: only characters that every file system takes.
fn folder_name(
    number: usize,
    digits: usize,
    varies: &[Vary],
    values: &[String],
    seed: u64,
) -> String {
    let mut middle = String::new();
    for (vary, value) in varies.iter().zip(values) {
        middle.push_str(&format!("-{}={value}", vary.key));
    }
    let mut middle: String = middle
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '=' | '+' | '-' => letter,
            _ => '-',
        })
        .collect();
    middle.truncate(MAX_VALUES);
    format!("{number:0digits$}{middle}-seed={seed}")
}
