//! Other specs out of one: every combination of some fields' values, each from several seeds, or one
//! spec with new values of some fields.

mod error;
mod grid;
mod place;
mod settings;
#[cfg(test)]
mod tests;
mod value;
mod varied;

pub use error::{MAX_MEMBERS, VaryError};
pub use grid::{Member, grid, label};
pub use settings::Settings;
pub use varied::Vary;
