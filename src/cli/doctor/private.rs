//! What a report that others read must not hold.

use directories::BaseDirs;
use std::path::PathBuf;

/// The user's own folder and name.
#[derive(Debug)]
pub struct Private {
    homes: Vec<String>,
    names: Vec<String>,
}

impl Private {
    /// Those of the user who runs the program.
    pub fn of_user() -> Self {
        let home = BaseDirs::new().map(|folders| folders.home_dir().to_path_buf());
        // A link to it leads to another path.
        let real = home.as_ref().and_then(|home| home.canonicalize().ok());
        let named = |name| std::env::var(name).ok();
        let names = ["USER", "LOGNAME", "USERNAME"]
            .into_iter()
            .filter_map(named);
        Self::of(home.into_iter().chain(real), names)
    }

    fn of(homes: impl Iterator<Item = PathBuf>, names: impl Iterator<Item = String>) -> Self {
        let last = |home: &PathBuf| Some(home.file_name()?.to_string_lossy().into_owned());
        let homes: Vec<PathBuf> = homes.filter(|home| home.parent().is_some()).collect();
        let names = names.chain(homes.iter().filter_map(last));
        Self {
            names: names.filter(|name| !name.is_empty()).collect(),
            homes: homes
                .iter()
                .map(|home| home.to_string_lossy().into_owned())
                .collect(),
        }
    }

    /// The text with `~` for the user's own folder, and `USER` for the user's name where it is a part of a path.
    pub fn hide(&self, text: &str) -> String {
        let mut hidden = text.to_owned();
        for home in &self.homes {
            hidden = hidden.replace(home.as_str(), "~");
        }
        let is_edge = |letter: char| std::path::is_separator(letter) || " :;,'\"".contains(letter);
        let is_path = |text: &str| text.contains(std::path::is_separator);
        if !is_path(&hidden) {
            return hidden;
        }
        let parts = hidden.split_inclusive(is_edge).map(|part| {
            let name = part.trim_end_matches(is_edge);
            match self.names.iter().any(|other| other == name) {
                true => format!("USER{}", &part[name.len()..]),
                false => part.to_owned(),
            }
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn neither_the_home_folder_nor_the_name_is_left() {
        let homes = ["/home/ann", "/disk2/ann"].map(PathBuf::from).into_iter();
        let private = Private::of(homes, ["ann".to_owned()].into_iter());
        assert_eq!(private.hide("/home/ann/runs"), "~/runs");
        assert_eq!(private.hide("/disk2/ann"), "~");
        assert_eq!(
            private.hide("/data/ann/sets: not there"),
            "/data/USER/sets: not there"
        );
        assert_eq!(private.hide("channel"), "channel");
        let root = Private::of([PathBuf::from("/")].into_iter(), std::iter::empty());
        assert_eq!(root.hide("/usr/bin"), "/usr/bin");
    }
}
