//! The map of the set: the validation images as the network sees them, those near each other that it finds
//! alike.

mod draw;
mod keys;
mod legend;
mod placement;
mod state;
#[cfg(test)]
mod tests;

pub use draw::draw;
pub use keys::{KEYS, MapAction, SET};
pub use state::MapOfSet;
