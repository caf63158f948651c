//! The Samples screen: validation images, what the model predicts for them, and its layers' outputs.

mod asked;
mod curve;
mod filter;
#[cfg(test)]
pub(in crate::tui::screens) mod fixture;
mod grid;
mod inside;
mod keys;
mod looking;
mod maps;
mod plan;
mod preview;
mod screen;
mod single;
mod state;
mod subject;
#[cfg(test)]
mod tests;
mod tiles;
mod top;

pub use keys::{KEYS, SamplesAction};
pub use screen::TAB;
pub use state::Samples;
