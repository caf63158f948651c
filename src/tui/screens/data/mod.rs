//! The Data screen: what the network learns from. The classes with their numbers of images, examples of
//! each, what is known of the data set, and what is suspicious about it.

mod audit;
mod draw;
mod empty;
mod examples;
mod facts;
mod geometry;
mod head;
mod import;
mod keys;
mod list;
mod plan;
mod screen;
mod state;
#[cfg(test)]
mod tests;
mod words;

pub use keys::{DataAction, KEYS};
pub use screen::TAB;
pub use state::Data;
