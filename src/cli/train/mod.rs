//! `fmnist-tui train`.

mod args;
mod board;
mod json;
mod report;
mod run;
mod seeds;
mod spoken;
mod text;

pub use args::Args;
pub use run::run;
