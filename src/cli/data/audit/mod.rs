//! `fmnist-tui data audit`.

mod args;
mod audited;
mod json;
mod probabilities;
mod run;
mod text;

pub use args::Args;
pub use run::run;
