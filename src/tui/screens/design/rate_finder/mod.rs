//! The learning rate range test: loss over learning rate while it rises, and what that suggests.

mod state;
mod update;

pub use state::RateFinder;
