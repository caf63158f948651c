//! `fmnist-tui history`.

mod json;
mod run;
mod text;
mod told;

pub use run::{Args, run};
