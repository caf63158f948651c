//! The Train screen: how the run is doing, its curves, and other runs beside it.

mod commands;
mod compare;
mod crosshair;
mod curves;
mod header;
mod keys;
mod pace;
mod picker;
mod screen;
mod smoothing;
mod state;
mod steering;
mod table;
#[cfg(test)]
mod tests;
mod travel;
mod view;

pub use keys::{KEYS, TrainAction};
pub use screen::TAB;
pub use state::Train;
