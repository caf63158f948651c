//! The user's config file: colours, threads, folders and keys, in TOML.
//!
//! Options on the command line win over it. [`default_text`] is the commented file to begin with; the keys in
//! it are those of the one key table.

mod default_text;
mod error;
mod keys;
mod nearest;
mod parse;
mod place;
mod values;

pub use default_text::default_text;
pub use error::{ConfigError, Problem};
pub use parse::{Config, parse};
pub use place::{CONFIG_VARIABLE, Place, place, read};
