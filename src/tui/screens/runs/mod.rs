//! The Runs screen: what is kept below `runs/`.

mod baseline;
mod compare;
mod comparing;
mod detail;
mod fork;
mod keys;
mod list;
mod order;
mod rows;
mod screen;
mod state;
#[cfg(test)]
mod tests;

pub use keys::{KEYS, RunsAction};
pub use screen::TAB;
pub use state::Runs;
