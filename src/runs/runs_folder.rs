//! The folder that runs go into where the user names none.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder that the user's config file names.
static CONFIGURED: OnceLock<PathBuf> = OnceLock::new();

/// Makes this the folder of [`runs_folder`]. Only the first call counts: it comes before any run.
pub fn use_runs_folder(folder: PathBuf) {
    // An error means that another folder is in use already.
    let _ = CONFIGURED.set(folder);
}

/// The folder that new runs go into, each in one of its own: `runs` in the working directory, or the one that the
/// user's config file names.
pub fn runs_folder() -> &'static Path {
    CONFIGURED.get().map_or(Path::new("runs"), PathBuf::as_path)
}
