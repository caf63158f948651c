//! Decides which folder a data set is loaded from.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use directories::ProjectDirs;

use super::dataset::Dataset;
use super::error::DataError;
use super::formats::{is_recognised, source_of};
use super::sample::SampleSet;
use super::source::{Progress, Source};

/// Names the folder of the data set, unless `--data` does.
pub const DATA_VARIABLE: &str = "FMNIST_DATA";
/// The data set that is always there.
pub const SAMPLE_NAME: &str = "sample";

/// Why a folder was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// `--data DIR`.
    DataOption,
    /// `FMNIST_DATA`.
    Environment,
    /// `data/<dataset>` in the working directory.
    WorkingFolder,
    /// `<user data folder>/fmnist-tui/<dataset>`.
    UserFolder,
}

impl std::fmt::Display for ChosenBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DataOption => "the option --data",
            Self::Environment => "the environment variable FMNIST_DATA",
            Self::WorkingFolder => "being in the working directory",
            Self::UserFolder => "being in your data folder",
        })
    }
}

/// Where to load from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// A folder of data files.
    Folder {
        /// Not checked yet: loading does that.
        dir: PathBuf,
        /// Why this one.
        chosen_by: ChosenBy,
    },
    /// The built-in set: it was requested, or none of these folders holds data.
    Sample {
        /// Empty if it was requested.
        looked_in: Vec<PathBuf>,
    },
}

impl Located {
    /// Loads what was found.
    ///
    /// # Errors
    /// Those of [`Dataset::load`] and [`Dataset::sample`].
    pub fn load(&self) -> Result<Dataset, DataError> {
        self.load_reporting(&|_| {})
    }

    /// Like [`Located::load`]; `progress` is told the share that is read.
    ///
    /// # Errors
    /// Those of [`Dataset::load`] and [`Dataset::sample`].
    pub fn load_reporting(&self, progress: Progress<'_>) -> Result<Dataset, DataError> {
        match self {
            Self::Folder { dir, .. } => source_of(dir).load(progress),
            Self::Sample { .. } => SampleSet.load(progress),
        }
    }
}

/// Finds the folder of a data set: `explicit` (`--data`), else `FMNIST_DATA`, else
/// the first of `data/<dataset>` and the user's data folder that holds at least
/// one data file, else the sample set. A folder the user named is taken
/// even if it is broken: loading then says what is wrong with it.
pub fn locate(explicit: Option<&Path>, dataset: &str) -> Located {
    Places {
        variable: std::env::var_os(DATA_VARIABLE),
        working_data: "data".into(),
        user_data: user_data(),
    }
    .locate(explicit, dataset)
}

/// Where a fetched data set is stored, so that [`locate`] finds it from any working directory; none if
/// the system has no folder for user data.
pub fn user_folder(dataset: &str) -> Option<PathBuf> {
    user_data().map(|dir| dir.join(dataset))
}

/// The folder of data sets that the user's config file names.
static CONFIGURED: OnceLock<PathBuf> = OnceLock::new();

/// Makes this the folder in which data sets are looked for and into which they are fetched, instead of the usual
/// one. Only the first call counts: it comes before anything is located.
pub fn use_user_folder(folder: PathBuf) {
    // An error means that another folder is in use already.
    let _ = CONFIGURED.set(folder);
}

fn user_data() -> Option<PathBuf> {
    if let Some(folder) = CONFIGURED.get() {
        return Some(folder.clone());
    }
    ProjectDirs::from("", "", "fmnist-tui").map(|dirs| dirs.data_dir().to_path_buf())
}

/// What [`locate`] reads from the system.
struct Places {
    /// The value of `FMNIST_DATA`.
    variable: Option<OsString>,
    /// `data` in the working directory.
    working_data: PathBuf,
    /// The program's own folder among the user's data.
    user_data: Option<PathBuf>,
}

impl Places {
    fn locate(&self, explicit: Option<&Path>, dataset: &str) -> Located {
        if let Some(dir) = explicit {
            return Located::Folder {
                dir: dir.into(),
                chosen_by: ChosenBy::DataOption,
            };
        }
        if dataset == SAMPLE_NAME {
            return Located::Sample {
                looked_in: Vec::new(),
            };
        }
        // `FMNIST_DATA= command` is how a shell unsets a variable for one command.
        if let Some(dir) = self.variable.as_ref().filter(|dir| !dir.is_empty()) {
            return Located::Folder {
                dir: dir.into(),
                chosen_by: ChosenBy::Environment,
            };
        }
        let mut looked_in = Vec::new();
        if is_plain_name(dataset) {
            let parents = [
                (Some(&self.working_data), ChosenBy::WorkingFolder),
                (self.user_data.as_ref(), ChosenBy::UserFolder),
            ];
            for (parent, chosen_by) in parents {
                let Some(dir) = parent.map(|parent| parent.join(dataset)) else {
                    continue;
                };
                if is_recognised(&dir) {
                    return Located::Folder { dir, chosen_by };
                }
                looked_in.push(dir);
            }
        }
        Located::Sample { looked_in }
    }
}

/// Whether a name from a spec (which is not trusted) names a folder directly inside another: no
/// separators of any platform, no `..`, no drive.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!(
        (parts.next(), parts.next()),
        (Some(Component::Normal(_)), None)
    ) && !name.contains(|letter: char| matches!(letter, '/' | '\\' | ':') || letter.is_control())
}

#[cfg(test)]
mod tests;
