//! `fmnist-tui sweep`.

mod args;
mod json;
mod progress;
mod report;
mod run;
mod shard;
mod table;
mod text;

pub use args::Args;
pub use run::run;
