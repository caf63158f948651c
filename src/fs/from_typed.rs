//! Paths as people type them.

use std::path::{Path, PathBuf};

/// The path that was typed, in which `~` is the user's own folder, as in a shell; none for an empty text.
pub fn from_typed(text: &str) -> Option<PathBuf> {
    if text.is_empty() {
        return None;
    }
    let path = Path::new(text);
    let below_home = path.strip_prefix("~").ok();
    let home = below_home.and_then(|rest| {
        let folders = directories::BaseDirs::new()?;
        // Not joined where nothing follows: that would end with a separator.
        Some(match rest.as_os_str().is_empty() {
            true => folders.home_dir().to_owned(),
            false => folders.home_dir().join(rest),
        })
    });
    Some(home.unwrap_or_else(|| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tilde_is_the_users_folder_at_the_beginning_alone() {
        let home = directories::BaseDirs::new().unwrap();
        let home = home.home_dir();
        assert_eq!(from_typed("~/a/b"), Some(home.join("a/b")));
        assert_eq!(from_typed("~"), Some(home.to_owned()));
        assert_eq!(from_typed("a/~"), Some("a/~".into()));
        assert_eq!(from_typed("~other/a"), Some("~other/a".into()));
        assert_eq!(from_typed(""), None);
    }
}
