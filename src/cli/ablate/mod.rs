//! `fmnist-tui ablate`.

mod args;
mod chosen;
mod json;
mod list;
mod report;
mod run;
mod table;

pub use args::Args;
pub use run::run;
