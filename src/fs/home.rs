//! The user's own folder, written as `~`.

use directories::BaseDirs;
use std::path::PathBuf;

/// The path that a user has typed; `~` at its beginning is the user's own folder.
pub fn below_home(typed: &str) -> PathBuf {
    let home = || BaseDirs::new().map(|folders| folders.home_dir().to_path_buf());
    let rest = match typed.strip_prefix('~') {
        Some("") => Some(""),
        Some(rest) => rest.strip_prefix(std::path::is_separator),
        None => None,
    };
    match rest.and_then(|rest| Some((rest, home()?))) {
        // Joining nothing would leave a separator at the end.
        Some(("", home)) => home,
        Some((rest, home)) => home.join(rest),
        None => typed.into(),
    }
}
