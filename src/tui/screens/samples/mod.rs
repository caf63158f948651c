//! The Samples screen: validation images, what the model predicts for them, and its layers' outputs.

mod asked;
mod chosen;
mod curve;
mod effect_of_muting;
mod filter;
#[cfg(test)]
pub(in crate::tui::screens) mod fixture;
mod grid;
mod inside;
mod keys;
mod looking;
mod map_of_set;
mod maps;
mod muted;
mod pad;
mod plan;
mod preview;
mod screen;
mod single;
mod state;
mod stories;
mod subject;
mod suspicious;
#[cfg(test)]
mod tests;
mod tiles;
mod top;
mod update_inside;
mod update_looking;
mod worked;

pub use keys::{KEYS, SamplesAction};
pub use screen::TAB;
pub use state::Samples;
