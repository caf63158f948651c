//! `fmnist-tui export`.

mod args;
mod model;
mod run;

pub use args::Args;
pub use run::run;
