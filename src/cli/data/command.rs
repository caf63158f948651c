//! The commands of `fmnist-tui data`.

use super::{audit, fetch, import, info, make_sample, path, verify};
use crate::cli::args::DataArgs;
use color_eyre::eyre::Result;
use std::path::PathBuf;

/// What to do with the data.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Say which folder would be used, and why
    Path(DataArgs),
    /// Say what is in the data
    Info(DataArgs),
    /// Get a published data set over the network
    Fetch(fetch::Args),
    /// Make data to train on of your own pictures
    Import(import::Args),
    /// Say of each file whether it is the published one
    Verify(DataArgs),
    /// Look for wrong labels, copies, unusual images and rare classes
    Audit(audit::Args),
    /// Write the built-in sample set as IDX files
    MakeSample {
        /// Folder for the four files
        #[arg(long, value_name = "DIR", default_value = "data/sample")]
        out: PathBuf,
    },
}

/// Runs the command.
pub fn run(command: &Command) -> Result<()> {
    match command {
        Command::Path(args) => path::run(args),
        Command::Info(args) => info::run(args),
        Command::Fetch(args) => fetch::run(args),
        Command::Import(args) => import::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Audit(args) => audit::run(args),
        Command::MakeSample { out } => make_sample::run(out),
    }
}
