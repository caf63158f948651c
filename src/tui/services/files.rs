//! Run folders, spec files and path completion.

use crate::fs::from_typed;
use crate::runs::{PastRun, is_run, runs_in};
use crate::spec::{CheckedSpec, Spec};
use crate::sweep::{SWEEP_FILE, is_sweep};
use crate::text::escape_controls;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// At most this many runs are listed, the newest.
const MAX_RUNS: usize = 2000;
/// At most this many entries of a folder are read.
const MAX_ENTRIES: usize = 100_000;

/// The runs below `folder`, the newest first: run folders, and one level deeper the members of sweeps,
/// which stand together in the sweep's order.
pub fn runs(folder: &Path) -> Vec<Arc<PastRun>> {
    let mut found: Vec<(String, Vec<PathBuf>)> = Vec::new();
    for path in entries(folder) {
        if is_run(&path) {
            // Its name begins with the time.
            found.push((file_name(&path), vec![path]));
        } else if is_sweep(&path) {
            found.push((sweep_order(&path), runs_in(&path)));
        }
    }
    found.sort_by(|a, b| b.cmp(a));
    let paths = found.into_iter().flat_map(|(_, paths)| paths);
    paths
        .take(MAX_RUNS)
        .map(|path| Arc::new(run(&path, folder)))
        .collect()
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| escape_controls(&name.to_string_lossy()))
}

/// The name by which a sweep is sorted among runs: like a run's, it begins with the time.
fn sweep_order(folder: &Path) -> String {
    let begun = fs::metadata(folder.join(SWEEP_FILE)).and_then(|metadata| metadata.modified());
    let time = begun
        .ok()
        .and_then(|time| jiff::Timestamp::try_from(time).ok())
        .map(|time| time.to_zoned(jiff::tz::TimeZone::system()));
    let time = time.map_or_else(String::new, |time| {
        time.strftime("%Y%m%d-%H%M%S").to_string()
    });
    format!("{time}-{}", file_name(folder))
}

/// The run in `path`; one that is not directly below `runs` is a member of the sweep it is in.
fn run(path: &Path, runs: &Path) -> PastRun {
    let mut run = PastRun::read(path);
    if let Some(sweep) = path.parent().filter(|parent| *parent != runs) {
        run.name = PastRun::member_name(&run.name, &file_name(sweep));
    }
    run
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
            let spec = Spec::read(&path).map(CheckedSpec::into_spec);
            let spec = spec.map_err(|error| error.to_string());
            (path, spec)
        })
        .collect()
}

/// The paths that begin with `typed`; folders end with a separator.
pub fn completions(typed: &str) -> Vec<String> {
    let (folder, start) = match typed.rfind('/') {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let place = from_typed(folder).unwrap_or_else(|| ".".into());
    let mut found: Vec<String> = entries(&place)
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

    fn tiny() -> &'static str {
        let mut all = crate::spec::PRESETS.iter();
        all.find(|preset| preset.name == "tiny").unwrap().json
    }

    #[test]
    fn a_run_is_read_as_far_as_it_goes() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("20260101-000000-tiny");
        fs::create_dir(&run).unwrap();
        fs::write(run.join("spec.json"), tiny()).unwrap();
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

    #[test]
    fn the_members_of_a_sweep_are_listed_in_its_order_between_older_and_newer_runs() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let run = folder.path().join(name);
            fs::create_dir_all(&run).unwrap();
            fs::write(run.join("spec.json"), tiny()).unwrap();
        };
        make("19990101-000000-old");
        make("29990101-000000-new");
        make("sweep-tiny-1a2b/002-seed=2");
        make("sweep-tiny-1a2b/001-seed=1");
        // A folder in a folder is a member of a sweep only where there is one.
        make("others/run");
        fs::write(folder.path().join("sweep-tiny-1a2b/sweep.json"), "{}").unwrap();
        fs::create_dir(folder.path().join("sweep-tiny-1a2b/not-a-run")).unwrap();
        let found = runs(folder.path());
        let names: Vec<&str> = found.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "29990101-000000-new",
                "001-seed=1 in sweep-tiny-1a2b",
                "002-seed=2 in sweep-tiny-1a2b",
                "19990101-000000-old",
            ]
        );
        let members: Vec<Option<(&str, &str)>> = found.iter().map(|run| run.member()).collect();
        assert_eq!(members[0], None);
        assert_eq!(members[1], Some(("001-seed=1", "sweep-tiny-1a2b")));
    }
}
