//! Deleting a run.

use super::checkpoints::checkpoint_files;
use super::file_names::{
    BEST_FILE, CARD_FILE, EXCLUDED_FILE, LABEL_FILE, LAYERS_FILE, METRICS_FILE, MODEL_FILE,
    ORIGIN_FILE, OUTCOME_FILE, SPEC_FILE, STEERING_FILE, TEST_FILE,
};
use super::lock::is_in_use;
use super::place::is_left_over;
use crate::runs::history::HISTORY_FILE;
use crate::text::shown_path;
use std::path::Path;

/// Deletes a run folder's files and then the folder, if nothing else is in it.
///
/// # Errors
/// A sentence when a process is training the run, or the system refuses.
pub fn delete_run(folder: &Path) -> Result<(), String> {
    let failed =
        |path: &Path, error: std::io::Error| format!("cannot delete {}: {error}", shown_path(path));
    if is_in_use(folder) {
        return Err(format!(
            "{}: the run is under way in another process; stop it first",
            shown_path(folder)
        ));
    }
    let mut files = checkpoint_files(folder);
    files.extend(
        [
            MODEL_FILE,
            BEST_FILE,
            CARD_FILE,
            METRICS_FILE,
            LAYERS_FILE,
            SPEC_FILE,
            LABEL_FILE,
            OUTCOME_FILE,
            ORIGIN_FILE,
            STEERING_FILE,
            EXCLUDED_FILE,
            TEST_FILE,
            HISTORY_FILE,
        ]
        .map(|name| folder.join(name)),
    );
    let entries = std::fs::read_dir(folder).map_err(|error| failed(folder, error))?;
    files.extend(entries.flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        is_left_over(&name).then(|| entry.path())
    }));
    for file in files {
        match std::fs::remove_file(&file) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&file, error)),
        }
    }
    std::fs::remove_dir(folder).map_err(|error| failed(folder, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleting_a_run_spares_what_is_not_its_own() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("spec.json"), "{}").unwrap();
        std::fs::write(folder.path().join("thesis.txt"), "x").unwrap();
        assert!(delete_run(folder.path()).is_err());
        assert!(folder.path().join("thesis.txt").exists());
    }
}
