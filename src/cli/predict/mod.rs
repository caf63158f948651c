//! `fmnist-tui predict`.

mod answer;
mod args;
mod dataset;
mod files;
mod photos;
mod run;
mod seen;
mod table;
mod training;

pub use args::Args;
pub use run::run;
