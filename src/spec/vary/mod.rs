//! Many specs out of one: every combination of some fields' values, each from several seeds.

mod error;
mod grid;
mod place;
#[cfg(test)]
mod tests;
mod value;
mod varied;

pub use error::{MAX_MEMBERS, VaryError};
pub use grid::{Member, grid, label};
pub use varied::Vary;
