//! What a config file says.

use super::error::Problem;
use super::keys;
use super::nearest::suggestion;
use super::values::{Value, entries};
use crate::fs::from_typed;
use crate::text::escape_controls;
use crate::tui::keys::Keymap;
use crate::tui::theme::{Depth, Palette};
use std::path::PathBuf;
use toml::de::DeTable;

/// More threads than any machine has.
pub const MOST_THREADS: u16 = 1024;

/// The settings, by their names in the file.
pub const SETTINGS: [&str; 7] = [
    "theme", "colors", "ascii", "threads", "runs", "data", "keys",
];

/// The sets of colours.
pub const THEMES: [(&str, Palette); 3] = [
    ("dark", Palette::Dark),
    ("light", Palette::Light),
    ("color-blind", Palette::ColorBlind),
];

/// How many colours; none where the terminal is asked.
pub const COLORS: [(&str, Option<Depth>); 5] = [
    ("auto", None),
    ("24-bit", Some(Depth::True)),
    ("256", Some(Depth::Indexed)),
    ("16", Some(Depth::Basic)),
    ("none", Some(Depth::None)),
];

/// What the user wants; what is not said is as without a file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The app's set of colours.
    pub palette: Option<Palette>,
    /// How many colours the terminal shows; it is asked where this is not said.
    pub depth: Option<Depth>,
    /// Only characters of ASCII in the app.
    pub ascii: bool,
    /// Threads for the arithmetic.
    pub threads: Option<usize>,
    /// The folder that new runs go into.
    pub runs: Option<PathBuf>,
    /// The folder in which data sets are looked for, and into which they are fetched.
    pub data: Option<PathBuf>,
    /// Keys that are not the shipped ones.
    pub keymap: Option<Keymap>,
}

/// Reads the text of a config file.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(text: &str) -> Result<Config, Problem> {
    let root = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Problem::at(text, at, escape_controls(error.message()))
    })?;
    let mut config = Config::default();
    for entry in entries(text, root.get_ref()) {
        let value = entry.value;
        match entry.name {
            "theme" => config.palette = Some(value.choice(&THEMES)?),
            "colors" => config.depth = value.choice(&COLORS)?,
            "ascii" => config.ascii = value.boolean()?,
            "threads" => config.threads = Some(value.count(MOST_THREADS)?.into()),
            "runs" => config.runs = Some(folder(value)?),
            "data" => config.data = Some(folder(value)?),
            "keys" => config.keymap = Some(keys::read(text, value)?),
            other => {
                let message = format!(
                    "there is no setting {:?}{}",
                    escape_controls(other),
                    suggestion(other, SETTINGS)
                );
                return Err(Problem::at(text, entry.at, message));
            }
        }
    }
    Ok(config)
}

/// A folder; `~` stands for the user's.
fn folder(value: Value<'_>) -> Result<PathBuf, Problem> {
    let text = value.string()?;
    if text.contains('\0') {
        return Err(value.problem("no folder can have this name"));
    }
    from_typed(text).ok_or_else(|| value.problem("must name a folder"))
}

#[cfg(test)]
mod tests;
