//! What the user's config file says, for the commands, and whether they are to print plain lines.

use crate::config::{Config, place, read};
use crate::{data, runs};
use color_eyre::eyre::Result;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static SETTINGS: OnceLock<Config> = OnceLock::new();

static IS_PLAIN: AtomicBool = AtomicBool::new(false);

/// Lets all output from here on be plain lines: no bars, colours, pictures or charts.
pub fn print_plainly() {
    IS_PLAIN.store(true, Ordering::Relaxed);
}

/// Whether output is to be plain lines.
pub fn is_plain() -> bool {
    IS_PLAIN.load(Ordering::Relaxed)
}

/// Reads the config file, `explicit` or the usual one, and lets it count from here on.
///
/// # Errors
/// When it cannot be read or something in it is wrong.
pub fn read_settings(explicit: Option<&Path>) -> Result<()> {
    let config = read(&place(explicit))?;
    if let Some(folder) = &config.data {
        data::use_user_folder(folder.clone());
    }
    if let Some(folder) = &config.runs {
        runs::use_runs_folder(folder.clone());
    }
    // An error means that they are read already.
    let _ = SETTINGS.set(config);
    Ok(())
}

/// The settings; without a config file, and for a command that needs none, they are the usual ones.
pub fn settings() -> &'static Config {
    SETTINGS.get_or_init(Config::default)
}
