//! The Confusion screen: which classes are taken for which, and how often.

mod about;
mod calibrated;
mod certainty;
mod draw;
mod geometry;
mod keys;
mod screen;
mod state;
#[cfg(test)]
mod tests;
mod words;

pub use keys::{ConfusionAction, KEYS};
pub use screen::TAB;
pub use state::Confusion;
