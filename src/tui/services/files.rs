//! Run folders, spec files and path completion.

use crate::spec::{Spec, escape_controls};
use crate::train::{checkpoint_files, is_in_use, read_metrics};
use crate::tui::run_state::PastRun;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More runs than this are not listed: the newest are.
const MAX_RUNS: usize = 2000;
/// More entries of one folder than this are not looked at.
const MAX_ENTRIES: usize = 100_000;

/// The run folders below `folder`, the newest first.
pub fn runs(folder: &Path) -> Vec<Arc<PastRun>> {
    let mut folders: Vec<PathBuf> = entries(folder)
        .into_iter()
        .filter(|path| path.join("spec.json").is_file())
        .collect();
    // Their names begin with the time.
    folders.sort();
    folders.reverse();
    folders
        .into_iter()
        .take(MAX_RUNS)
        .map(|path| Arc::new(run(path)))
        .collect()
}

fn run(path: PathBuf) -> PastRun {
    let spec = Spec::read(&path.join("spec.json")).map_err(|error| error.to_string());
    let parameters = spec
        .as_ref()
        .ok()
        .and_then(|spec| spec.check().ok())
        .map_or(0, |summary| summary.parameters());
    PastRun {
        name: path
            .file_name()
            .map_or_else(String::new, |name| escape_controls(&name.to_string_lossy())),
        epochs: read_metrics(&path),
        has_model: path.join("best.safetensors").is_file(),
        has_checkpoint: !checkpoint_files(&path).is_empty(),
        in_use: is_in_use(&path),
        spec,
        parameters,
        path,
    }
}

/// The JSON files of a folder that may be specs, each read.
pub fn specs(folder: &Path) -> Vec<(PathBuf, Result<Spec, String>)> {
    let mut files: Vec<PathBuf> = entries(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| path.strip_prefix("./").map(Path::to_owned).unwrap_or(path))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let spec = Spec::read(&path).map_err(|error| error.to_string());
            (path, spec)
        })
        .collect()
}

/// What begins like `typed`; folders end with a separator.
pub fn completions(typed: &str) -> Vec<String> {
    let (folder, start) = match typed.rfind('/') {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let place = if folder.is_empty() { "." } else { folder };
    let mut found: Vec<String> = entries(Path::new(place))
        .into_iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            let hidden = name.starts_with('.') && !start.starts_with('.');
            let end = if path.is_dir() { "/" } else { "" };
            (name.starts_with(start) && !hidden).then(|| format!("{folder}{name}{end}"))
        })
        .collect();
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map_or_else(
        |_| Vec::new(),
        |entries| {
            let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
            paths.take(MAX_ENTRIES).collect()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_as_far_as_it_goes() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("20260101-000000-tiny");
        fs::create_dir(&run).unwrap();
        fs::write(run.join("spec.json"), crate::spec::PRESETS[7].json).unwrap();
        let line = r#"{"epoch":1,"train_loss":1.0,"train_accuracy":0.5,"validation_loss":1.0,"validation_accuracy":0.6,"learning_rate":0.1,"seconds":1.0,"images_per_second":10.0}"#;
        fs::write(
            run.join("metrics.jsonl"),
            format!("{line}\n{line}\n{{\"epo"),
        )
        .unwrap();
        fs::create_dir(folder.path().join("not-a-run")).unwrap();
        let found = runs(folder.path());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].epochs.len(), 2);
        assert_eq!(found[0].spec.as_ref().unwrap().name, "tiny");
        assert!(!found[0].has_model);
    }
}
