//! The options of `fmnist-tui sweep`.

use super::shard::Shard;
use crate::cli::args::{DataArgs, LimitArgs, Overrides, SpecArgs, ThreadArgs};
use std::path::PathBuf;

/// The text below the options in `--help`.
const AFTER_HELP: &str = "\
KEY is a field of the spec: learning_rate, batch_size, optimizer (Adam, Sgd ...), weight_decay or
optimizer.weight_decay, schedule, loss.label_smoothing, layers.1.out_channels with the layers counted
from 1. dropout stands for p of all Dropout layers, activation for the function of all Activation
layers.

The grid's order: the last --vary changes faster than the ones before it, the seed fastest of all. The
same command given again goes on: what is done is skipped, what was interrupted goes on where it was.

Shard I of N trains the members I, I+N, I+2N ... of the grid. All shards write into the same folder,
and each prints the table of all that is there when it ends:
  GNU parallel   parallel fmnist-tui sweep --preset tiny --vary learning_rate=0.001,0.01 \\
                   --seeds 3 --threads 1 --shard {}/4 ::: 1 2 3 4
  Slurm array    sbatch --array=1-4 --wrap 'fmnist-tui sweep --preset tiny \\
                   --vary learning_rate=0.001,0.01 --seeds 3 --shard $SLURM_ARRAY_TASK_ID/4'
  the table      fmnist-tui sweep --table runs/sweep-tiny-...";

/// Options of `sweep`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    pub spec: SpecArgs,
    /// Print the table of the sweep in this folder and train nothing
    #[arg(long, value_name = "DIR", group = "SpecArgs", conflicts_with_all = [
        "vary", "seeds", "jobs", "shard", "out", "data", "epochs", "batch", "lr", "seed", "precision",
        "threads", "limit",
    ])]
    pub table: Option<PathBuf>,
    /// A field of the spec and the values it takes; may be given more than once
    #[arg(long, value_name = "KEY=V1,V2...")]
    pub vary: Vec<String>,
    /// Train every combination from K seeds: the spec's seed and those after it
    #[arg(long, value_name = "K", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub seeds: u16,
    /// Train N members at a time, each on its share of the threads; the results are the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: u16,
    /// Train only every Nth member, beginning with the Ith
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, default_value = "1/1")]
    pub shard: Shard,
    /// Folder of the sweep [default: runs/sweep-NAME-CHECKSUM, the same for the same command]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub overrides: Overrides,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub limit: LimitArgs,
    /// Print one JSON object a line instead of text
    #[arg(long)]
    pub json: bool,
}
