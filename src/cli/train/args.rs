//! The options of `fmnist-tui train`.

use crate::cli::args::{DataArgs, LimitArgs, Overrides, SpecArgs, ThreadArgs};
use std::path::PathBuf;

/// Options of `train`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub spec: SpecArgs,
    /// Go on with the interrupted run in this folder, with its own spec and images
    #[arg(long, value_name = "DIR", group = "SpecArgs", conflicts_with_all = [
        "limit", "out", "epochs", "batch", "lr", "seed", "precision", "seeds",
    ])]
    pub resume: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub overrides: Overrides,
    /// Train from K seeds, one after the other: the spec's seed and those after it
    #[arg(long, value_name = "K", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub seeds: u16,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub limit: LimitArgs,
    /// Folder for the results, new or empty [default: a new one in runs/]; with --seeds that of all runs, the
    /// same for the same command
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write the run's curves into a folder below DIR as it goes, for `tensorboard --logdir DIR`
    #[arg(long, value_name = "DIR")]
    pub tensorboard: Option<PathBuf>,
    /// Print one JSON object a line instead of text
    #[arg(long)]
    pub json: bool,
}
