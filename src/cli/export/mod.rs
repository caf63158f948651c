//! `fmnist-tui export`.

mod args;
mod int8;
mod model;
mod run;

pub use args::Args;
pub use run::run;
