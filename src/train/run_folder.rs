//! The folder a run leaves behind: `spec.json`, `metrics.jsonl`, `model.safetensors` (the last epoch)
//! and `best.safetensors`.

use super::{EpochMetrics, TrainError};
use crate::atomic::write_atomically;
use crate::spec::Spec;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Where a run folder is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunPlace {
    /// A new folder inside this one, named after the time and the spec.
    Under(PathBuf),
    /// Exactly this folder: new, or there and empty.
    At(PathBuf),
}

/// The open folder of a run.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    metrics: File,
}

impl RunFolder {
    /// Makes the folder with `spec.json` and an empty `metrics.jsonl`.
    ///
    /// # Errors
    /// When the folder cannot be made or written, or the one asked for is not empty. A folder made
    /// by a failed attempt is removed again.
    pub fn create(place: &RunPlace, spec: &Spec) -> Result<Self, TrainError> {
        let (path, is_new) = match place {
            RunPlace::Under(parent) => (create_under(parent, &spec.name)?, true),
            RunPlace::At(path) => (path.clone(), create_at(path)?),
        };
        let opened = write_atomically(&path.join("spec.json"), spec.to_json().as_bytes())
            .map_err(|source| TrainError::Write {
                path: path.clone(),
                doing: "cannot write the run's spec.json",
                source,
            })
            .and_then(|()| {
                let file = path.join("metrics.jsonl");
                let options = File::options().create_new(true).append(true).open(&file);
                options.map_err(|source| TrainError::Write {
                    path: file,
                    doing: "cannot create the file",
                    source,
                })
            });
        match opened {
            Ok(metrics) => Ok(Self { path, metrics }),
            Err(error) => {
                // Nothing but our own spec.json can be in there.
                let _ = std::fs::remove_file(path.join("spec.json"));
                if is_new {
                    let _ = std::fs::remove_dir(&path);
                }
                Err(error)
            }
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The model after the last finished epoch.
    pub fn model(&self) -> PathBuf {
        self.path.join("model.safetensors")
    }

    /// The model after the best epoch.
    pub fn best(&self) -> PathBuf {
        self.path.join("best.safetensors")
    }

    /// Adds a line to `metrics.jsonl`.
    ///
    /// # Errors
    /// When the line cannot be written; what was written of it is taken back.
    pub fn append(&mut self, metrics: &EpochMetrics) -> Result<(), TrainError> {
        let written = serde_json::to_string(metrics)
            .map_err(std::io::Error::from)
            .and_then(|mut line| {
                line.push('\n');
                let before = self.metrics.metadata()?.len();
                let written = self.metrics.write_all(line.as_bytes());
                if written.is_err() {
                    let _ = self.metrics.set_len(before);
                }
                written?;
                self.metrics.flush()
            });
        written.map_err(|source| TrainError::Write {
            path: self.path.join("metrics.jsonl"),
            doing: "cannot add a line",
            source,
        })
    }
}

/// `<parent>/<YYYYMMDD-HHMMSS>-<name>`, with `-2`, `-3` … behind it where that is taken.
fn create_under(parent: &Path, name: &str) -> Result<PathBuf, TrainError> {
    let failed = |path: &Path, source| TrainError::Write {
        path: path.to_owned(),
        doing: "cannot create the run folder",
        source,
    };
    std::fs::create_dir_all(parent).map_err(|source| failed(parent, source))?;
    let time = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    let base = format!("{time}-{}", file_name(name));
    let mut attempt = 1;
    loop {
        let path = match attempt {
            1 => parent.join(&base),
            _ => parent.join(format!("{base}-{attempt}")),
        };
        match std::fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 10_000 => {
                attempt += 1
            }
            Err(error) => return Err(failed(&path, error)),
        }
    }
}

/// Makes the folder, or makes sure that the one there is empty. Returns whether it was made.
fn create_at(path: &Path) -> Result<bool, TrainError> {
    let failed = |source| TrainError::Write {
        path: path.to_owned(),
        doing: "cannot create the run folder",
        source,
    };
    match std::fs::read_dir(path) {
        Ok(mut entries) => match entries.next() {
            None => Ok(false),
            Some(_) => Err(TrainError::FolderInUse {
                path: path.to_owned(),
            }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(path).map_err(failed)?;
            Ok(true)
        }
        Err(error) => Err(failed(error)),
    }
}

/// `name` as part of a file name: letters, digits, `.`, `_` and `-` stay, the rest becomes `-`.
fn file_name(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '.' | '_' | '-') {
                c
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    safe.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn two_runs_in_the_same_second_get_a_folder_each() {
        let parent = tempfile::tempdir().unwrap();
        let mut spec = preset("tiny").unwrap();
        spec.name = "my net / 2".into();
        let place = RunPlace::Under(parent.path().join("runs"));
        for _ in 0..3 {
            let folder = RunFolder::create(&place, &spec).unwrap();
            assert_eq!(names(folder.path()), ["metrics.jsonl", "spec.json"]);
            assert_eq!(Spec::read(&folder.path().join("spec.json")).unwrap(), spec);
        }
        let runs = names(&parent.path().join("runs"));
        assert_eq!(runs.len(), 3);
        assert!(runs[0].contains("-my-net---2"), "{runs:?}");
    }

    #[test]
    fn a_folder_with_something_in_it_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        std::fs::write(parent.path().join("thesis.txt"), "x").unwrap();
        let place = RunPlace::At(parent.path().to_owned());
        let error = RunFolder::create(&place, &preset("tiny").unwrap()).unwrap_err();
        assert!(matches!(error, TrainError::FolderInUse { .. }));
        assert_eq!(names(parent.path()), ["thesis.txt"]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        std::fs::write(&file, "x").unwrap();
        for place in [
            RunPlace::Under(file.join("runs")),
            RunPlace::At(file.join("run")),
        ] {
            let error = RunFolder::create(&place, &preset("tiny").unwrap()).unwrap_err();
            assert!(error.to_string().contains("file"), "{error}");
        }
        assert_eq!(names(parent.path()), ["file"]);
    }

    #[test]
    fn names_are_safe_for_files() {
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_name("a\u{1b}[2Jb"), "a--2Jb");
    }
}
