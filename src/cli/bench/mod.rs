//! `fmnist-tui bench`.

mod profile;
mod run;

pub use run::{Args, run};
