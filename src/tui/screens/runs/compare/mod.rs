//! Two runs beside each other: what differs between them, and on which images.

mod curves;
mod draw;
mod images;
mod keys;
mod numbers;
mod pair;
mod state;
#[cfg(test)]
mod tests;

pub use keys::{CompareAction, KEYS, VIEW};
pub use state::Compare;
