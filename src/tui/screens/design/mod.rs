//! The Design screen: the stack of layers, how it is trained, and what both are edited with.
//!
//! [`stack`] holds the layers and their history, [`table`] what follows from them. Of palette, form,
//! picker and JSON editor at most one is open; while a layer is added or edited the table shows the
//! network as it would be. The [`ladder`] and the [`sweep`] stay when they are closed: they
//! train in the background.

mod draw;
mod editor;
mod entry;
mod epoch_times;
mod form;
mod keys;
mod ladder;
mod mouse;
mod palette;
mod picker;
mod rate_finder;
mod screen;
mod skip_connections;
mod stack;
mod state;
mod subject;
mod sweep;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod training;
mod update;

pub use keys::{DesignAction, KEYS};
pub use screen::TAB;
pub use state::Design;
