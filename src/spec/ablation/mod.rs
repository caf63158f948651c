//! A network without one of its parts: a layer, all layers of a kind, or a setting of its training.
//!
//! A [`Part`] has a key, as command lines and files name it: `3` is the third layer, `Dropout` all layers of
//! that kind, `weight_decay` a setting. What cannot be left out without breaking shapes is replaced where
//! something near it fits, and refused with a reason where nothing does.

mod candidates;
mod layers;
mod part;
mod settings;
#[cfg(test)]
mod tests;

pub use candidates::{Candidate, candidates};
pub use layers::layers_left;
pub use part::{NOTHING, Part, Variant, WITHOUT, without};
