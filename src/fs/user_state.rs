//! Where the program keeps what is to outlive it.

use std::path::PathBuf;

/// The program's folder in the user's state folder, which may not exist yet; none if the system has none.
pub fn user_state_folder() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "fmnist-tui")?;
    let folder = folders.state_dir();
    Some(
        folder
            .unwrap_or_else(|| folders.data_local_dir())
            .to_owned(),
    )
}
