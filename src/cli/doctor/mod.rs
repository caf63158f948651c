//! `fmnist-tui doctor`.

mod files;
#[cfg(unix)]
mod graphics;
mod machine;
mod private;
mod report;
mod run;
mod terminal;

pub use run::{Args, run};
