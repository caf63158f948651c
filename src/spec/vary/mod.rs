//! Other specs out of one: every combination of some fields' values, or some that are drawn, each from several
//! seeds; or one spec with new values of some fields.

mod error;
mod grid;
mod place;
mod range;
mod settings;
#[cfg(test)]
mod tests;
mod trials;
mod value;
mod varied;

pub use error::{MAX_MEMBERS, VaryError};
pub use grid::{Member, grid, label};
pub use place::known_fields;
pub use range::Range;
pub use settings::Settings;
pub use trials::trials;
pub use varied::Vary;
