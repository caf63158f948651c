//! The ablation ladder: what each part of the network brings. Parts are marked, the network is trained whole
//! and without each of them in the background, and the rows sort themselves as seeds arrive.

mod choosing;
mod draw;
mod found;
mod results;
mod state;
mod update;

pub use state::Ladder;
