//! Finished runs with whole metrics, for figures, tables and exports.

use super::PastRun;
use super::folder::{BEST_FILE, read_metrics, runs_in};
use crate::nn;
use crate::text::{escape_controls, shown_path};
use crate::train::EpochMetrics;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No run has more epochs.
const MAX_EPOCH: usize = 1_000_000;

/// A run with at least one complete epoch, whose metrics are whole and sensible.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// The run; of its epochs, at least one, no number is impossible for its kind.
    pub run: Arc<PastRun>,
    /// What a person calls it, else what was trained in few words, escaped; the folder's name where the spec
    /// cannot be read.
    pub name: String,
    /// The name, and what tells it apart from the other runs read with it.
    pub label: String,
}

/// The model file `name` of a run folder; a path to a file is returned as it is.
///
/// # Errors
/// A folder without that file, and what to give instead.
pub fn model_of(run: &Path, name: &str) -> Result<PathBuf, RecordError> {
    if !run.is_dir() {
        return Ok(run.to_owned());
    }
    let model = run.join(name);
    if !model.is_file() {
        return Err(RecordError(format!(
            "{}: there is no {name} in it; give a run folder with a complete epoch, or a model file",
            shown_path(run)
        )));
    }
    Ok(model)
}

/// Why a folder cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RecordError(String);

impl RunRecord {
    /// Reads a run folder.
    ///
    /// # Errors
    /// A sentence that says which folder or file cannot be used, and what to give instead.
    pub fn read(folder: &Path) -> Result<Self, RecordError> {
        let shown = shown_path(folder);
        let failed = |what: &str| {
            Err(RecordError(format!(
                "{shown}: {what}; give a run folder, as `train` names it when it ends"
            )))
        };
        if !folder.exists() {
            return failed("there is no such folder");
        }
        if !folder.is_dir() {
            return failed("this is a file");
        }
        if let Some(example) = runs_in(folder).first() {
            let example = shown_path(example);
            return Err(RecordError(format!(
                "{shown}: this folder has runs in it and is none; give one of them, such as {example}"
            )));
        }
        let (run, whole) = PastRun::read_strictly(folder);
        whole.map_err(RecordError)?;
        check(&run.epochs).map_err(|problem| RecordError(format!("{shown}: {problem}")))?;
        let name = match (run.label.name.as_str(), &run.spec) {
            ("", Ok(_)) => run.title.clone(),
            ("", Err(_)) => folder_name(folder),
            (name, _) => name.to_owned(),
        };
        Ok(Self {
            run: Arc::new(run),
            label: name.clone(),
            name,
        })
    }

    /// Reads several run folders and gives each run a label of its own. A folder that is none but has some in
    /// it, such as a sweep's, stands for those of them that have a complete epoch.
    ///
    /// # Errors
    /// The first folder that cannot be used, or one that is given twice.
    pub fn read_all(folders: &[PathBuf]) -> Result<Vec<Self>, RecordError> {
        let folders: Vec<PathBuf> = folders.iter().flat_map(|folder| begun(folder)).collect();
        let runs: Result<Vec<Self>, RecordError> =
            folders.iter().map(|folder| Self::read(folder)).collect();
        let mut runs = runs?;
        for (index, folder) in folders.iter().enumerate() {
            let earlier = folders.iter().take(index);
            if earlier
                .into_iter()
                .any(|other| same_file::is_same_file(folder, other).unwrap_or(false))
            {
                let shown = shown_path(folder);
                return Err(RecordError(format!(
                    "{shown}: this run is given twice; give it once"
                )));
            }
        }
        tell_apart(&mut runs, |run| {
            format!("{} ({})", run.name, folder_name(&run.run.path))
        });
        tell_apart(&mut runs, |run| {
            format!("{} ({})", run.name, shown_path(&run.run.path))
        });
        Ok(runs)
    }

    /// The data set that the run's saved model was trained on, if it has one.
    pub fn trained_on(&self) -> Option<String> {
        let (_, info) = nn::load_model(&self.run.path.join(BEST_FILE)).ok()?;
        Some(info.dataset)
    }
}

/// The runs with a complete epoch that a folder stands for: itself, unless it is none and has some in it.
fn begun(folder: &Path) -> Vec<PathBuf> {
    let mut inside = runs_in(folder);
    inside.retain(|run| !read_metrics(run).is_empty());
    match inside.is_empty() {
        true => vec![folder.to_owned()],
        false => inside,
    }
}

/// Gives a longer label to the runs that share theirs with another.
fn tell_apart(runs: &mut [RunRecord], longer: impl Fn(&RunRecord) -> String) {
    let labels: Vec<String> = runs.iter().map(|run| run.label.clone()).collect();
    for run in runs {
        if labels.iter().filter(|label| **label == run.label).count() > 1 {
            run.label = longer(run);
        }
    }
}

/// The folder's own name, also of one that is given as `.` or `..`, escaped.
pub fn folder_name(folder: &Path) -> String {
    let whole = folder.canonicalize();
    let named = match &whole {
        Ok(whole) if folder.file_name().is_none() => whole.as_path(),
        _ => folder,
    };
    named.file_name().map_or_else(
        || "run".to_owned(),
        |name| escape_controls(&name.to_string_lossy()),
    )
}

/// Checks everything that is drawn or counted later: a file may hold any number.
fn check(epochs: &[EpochMetrics]) -> Result<(), String> {
    if epochs.is_empty() {
        return Err(
            "the run has no complete epoch yet; wait for its first, or go on with it \
                    (`train --resume`)"
                .into(),
        );
    }
    let mut last = 0;
    for metrics in epochs {
        let epoch = metrics.epoch;
        let shares = [
            metrics.train_accuracy,
            metrics.validation_accuracy,
            metrics.train_eval_accuracy.unwrap_or_default(),
        ];
        let sizes = [
            metrics.train_loss,
            metrics.validation_loss,
            metrics.learning_rate,
            metrics.seconds,
            metrics.images_per_second,
            metrics.train_eval_loss.unwrap_or_default(),
        ];
        let problem = if epoch <= last || epoch > MAX_EPOCH {
            "its number does not follow from the one before it"
        } else if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
            "an accuracy is not between 0 and 1"
        } else if !sizes.iter().all(|size| size.is_finite() && *size >= 0.0) {
            "a number in it is negative or not finite"
        } else {
            last = epoch;
            continue;
        };
        return Err(format!(
            "metrics.jsonl is damaged: epoch {epoch}: {problem}; use another copy of it"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics(epoch: usize) -> EpochMetrics {
        EpochMetrics {
            epoch,
            train_loss: 0.5,
            train_accuracy: 0.8,
            validation_loss: 0.4,
            validation_accuracy: 0.9,
            learning_rate: 0.1,
            seconds: 1.0,
            images_per_second: 10.0,
            train_eval_loss: None,
            train_eval_accuracy: None,
        }
    }

    fn write(folder: &Path, epochs: &[EpochMetrics]) {
        std::fs::create_dir_all(folder).unwrap();
        let lines: Vec<String> = epochs
            .iter()
            .map(|epoch| serde_json::to_string(epoch).unwrap() + "\n")
            .collect();
        std::fs::write(folder.join("metrics.jsonl"), lines.concat()).unwrap();
    }

    #[test]
    fn numbers_that_cannot_be_are_refused() {
        assert!(check(&[metrics(1), metrics(2), metrics(7)]).is_ok());
        let damages: [fn(&mut EpochMetrics); 5] = [
            |epoch| epoch.epoch = 1,
            |epoch| epoch.epoch = usize::MAX,
            |epoch| epoch.validation_accuracy = 1.5,
            |epoch| epoch.train_loss = -1.0,
            |epoch| epoch.seconds = f64::INFINITY,
        ];
        for damage in damages {
            let mut second = metrics(2);
            damage(&mut second);
            let problem = check(&[metrics(1), second]).unwrap_err();
            assert!(problem.contains("metrics.jsonl"), "{problem}");
        }
        assert!(check(&[]).unwrap_err().contains("no complete epoch"));
    }

    #[test]
    fn runs_of_one_name_are_told_apart_by_their_folders() {
        let place = tempfile::tempdir().unwrap();
        let folders = ["one/a", "two/a", "two/b"].map(|name| place.path().join(name));
        let mut spec = crate::spec::preset("tiny").unwrap().into_spec();
        for folder in &folders {
            write(folder, &[metrics(1)]);
            std::fs::write(folder.join("spec.json"), spec.to_json()).unwrap();
        }
        let labels = |folders: &[PathBuf]| -> Vec<String> {
            let runs = RunRecord::read_all(folders).unwrap();
            runs.into_iter().map(|run| run.label).collect()
        };
        assert_eq!(labels(&folders[..1]), ["tiny"]);
        assert_eq!(labels(&folders[1..]), ["tiny (a)", "tiny (b)"]);
        let all = labels(&folders);
        assert!(
            all[0].contains("one/a") && all[1].contains("two/a"),
            "{all:?}"
        );
        assert_eq!(all[2], "tiny (b)");
        spec.name = "wide".into();
        std::fs::write(folders[1].join("spec.json"), spec.to_json()).unwrap();
        assert_eq!(labels(&folders[..2]), ["tiny", "wide"]);
        let twice = [folders[0].clone(), folders[0].join("../a")];
        let error = RunRecord::read_all(&twice).unwrap_err().to_string();
        assert!(error.contains("twice"), "{error}");
    }

    #[test]
    fn a_folder_always_has_a_name() {
        assert_eq!(folder_name(Path::new("runs/a\u{1b}b/")), "a\\u{1b}b");
        assert!(!folder_name(Path::new(".")).is_empty());
        assert!(!folder_name(Path::new("/")).is_empty());
    }
}
