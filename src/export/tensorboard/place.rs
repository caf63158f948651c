//! Where a run's event file is below the folder that TensorBoard is given.

use crate::export::ExportError;
use crate::fs::{read_limited, write_atomically};
use crate::runs::folder_name;
use crate::text::file_name;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// TensorBoard recognises event files by `tfevents`; the number, usually the time of writing, is the
/// same for all of ours.
const FILE: &str = "events.out.tfevents.0000000000.fmnist-tui";

/// Says whose curves a folder has: the path of the run folder.
const OWNER_FILE: &str = "run-folder.txt";
/// No path is longer.
const MAX_BYTES: u64 = 1 << 16;

/// The event file of the run in `run`, or of one without a folder that is called `name`: in a folder
/// below `folder`, called as the run is. If another run's curves are there already, a number is appended;
/// the same run gets the same file again. Makes the folders.
///
/// # Errors
/// When a folder or the note of whose it is cannot be written.
pub fn event_file(folder: &Path, run: Option<&Path>, name: &str) -> Result<PathBuf, ExportError> {
    let base = file_name(&run.map_or_else(|| name.to_owned(), folder_name));
    let owner = run.map(|run| {
        let whole = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
        let whole = run.canonicalize().unwrap_or(whole);
        whole.as_os_str().as_encoded_bytes().to_vec()
    });
    std::fs::create_dir_all(folder).map_err(ExportError::file(folder, "create the folder"))?;
    let mut number = 1;
    loop {
        let place = match number {
            1 => folder.join(&base),
            _ => folder.join(format!("{base}-{number}")),
        };
        let note = place.join(OWNER_FILE);
        // Whoever makes the folder has it, also when two runs begin at the same moment.
        match std::fs::create_dir(&place) {
            Ok(()) => {
                if let Some(owner) = &owner {
                    write_atomically(&note, owner)
                        .map_err(ExportError::file(&note, "write whose curves these are"))?;
                }
                return Ok(place.join(FILE));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let is_ours = owner.is_some() && read_limited(&note, MAX_BYTES).ok() == owner;
                if is_ours {
                    return Ok(place.join(FILE));
                }
            }
            Err(error) => return Err(ExportError::file(&place, "create the folder")(error)),
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_name_have_folders_of_their_own_and_keep_them() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for run in ["a/x", "b/x", "b/x-2"] {
            std::fs::create_dir_all(at(run)).unwrap();
        }
        let logs = at("logs");
        let place = |run: &str| {
            let file = event_file(&logs, Some(&at(run)), "").unwrap();
            file.strip_prefix(&logs).unwrap().to_owned()
        };
        let first = ["a/x", "b/x", "b/x-2"].map(place);
        let expected = ["x", "x-2", "x-2-2"].map(|name| Path::new(name).join(FILE));
        assert_eq!(first, expected);
        assert_eq!(["a/x", "b/x", "b/x-2"].map(place), expected, "again");
        // Without a folder no run can be known again.
        let unsaved = || event_file(&logs, None, "x").unwrap();
        assert_ne!(unsaved(), unsaved());
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../../etc", "..", "a/b", "\u{202e}"] {
            let path = event_file(folder.path(), None, name).unwrap();
            let below = path.strip_prefix(folder.path()).unwrap();
            assert_eq!(below.components().count(), 2, "{below:?}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("logs");
        std::fs::write(&blocked, "a file").unwrap();
        let error = event_file(&blocked, None, "x").unwrap_err().to_string();
        assert!(error.contains("logs"), "{error}");
    }
}
