//! `fmnist-tui lr-find`.

mod args;
mod chart;
mod csv;
mod json;
mod run;
mod text;

pub use args::Args;
pub use run::run;
