//! Where the config file is, and reading it.

use super::error::{ConfigError, Problem};
use super::parse::{Config, parse};
use crate::fs::read_limited;
use crate::text::shown_path;
use std::path::{Path, PathBuf};

/// Names the config file, unless `--config` does.
pub const CONFIG_VARIABLE: &str = "FMNIST_CONFIG";
/// A longer file is no config file; the default one has some 25 kB.
const MOST_BYTES: u64 = 1 << 18;

/// The config file there is, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The user named it, by `--config` or [`CONFIG_VARIABLE`]: it must be there.
    Named(PathBuf),
    /// In the user's config folder, where it need not be.
    Usual(PathBuf),
    /// The system has no folder for the user's config.
    Nowhere,
}

impl Place {
    /// The file's path.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Named(path) | Self::Usual(path) => Some(path),
            Self::Nowhere => None,
        }
    }
}

/// Where the config file is: `explicit` (`--config`), else what [`CONFIG_VARIABLE`] names, else `config.toml` in the
/// program's own folder among the user's config.
pub fn place(explicit: Option<&Path>) -> Place {
    if let Some(path) = explicit {
        return Place::Named(path.into());
    }
    // An empty variable is how a shell unsets one for one command.
    let variable = std::env::var_os(CONFIG_VARIABLE).filter(|path| !path.is_empty());
    if let Some(path) = variable {
        return Place::Named(path.into());
    }
    match directories::ProjectDirs::from("", "", "fmnist-tui") {
        Some(folders) => Place::Usual(folders.config_dir().join("config.toml")),
        None => Place::Nowhere,
    }
}

/// What the config file says; nothing where there is none and none was named.
///
/// # Errors
/// When it cannot be read or something in it is wrong.
pub fn read(place: &Place) -> Result<Config, ConfigError> {
    let Some(path) = place.path() else {
        return Ok(Config::default());
    };
    let shown = || shown_path(path);
    let bytes = match (read_limited(path, MOST_BYTES), place) {
        (Ok(bytes), _) => bytes,
        (Err(error), Place::Usual(_)) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Config::default());
        }
        (Err(source), _) => {
            let path = shown();
            return Err(ConfigError::File { path, source });
        }
    };
    let parsed = match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            Err(Problem::at(&valid, valid.len(), "the text is not UTF-8"))
        }
    };
    parsed.map_err(|problem| ConfigError::Text {
        path: shown(),
        problem,
    })
}
