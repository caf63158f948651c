//! The options of `fmnist-tui sweep`.

use super::member_args::MemberArgs;
use crate::cli::args::SpecArgs;
use std::path::PathBuf;

/// The text below the options in `--help`.
const AFTER_HELP: &str = "\
KEY is a field of the spec: learning_rate, batch_size, optimizer (Adam, Sgd ...), weight_decay or
optimizer.weight_decay, schedule, loss.label_smoothing, layers.1.out_channels with the layers counted
from 1. dropout stands for p of all Dropout layers, activation for the function of all Activation
layers.

With --trials a KEY may have a range, as in learning_rate=1e-4..1e-1:log, dropout=0..0.5 or
layers.1.out_channels=8..64:int; :log and :int go together too. Sobol's sequence draws the values, from
the spec's seed: the same command draws the same ones.

--prune is successive halving: at each rung all members are compared after the same epoch, and one
combination in N goes on. One process must train them all, so it takes --jobs but no --shard.

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
        "vary", "trials", "prune", "seeds", "jobs", "shard", "out", "data", "epochs", "batch", "lr", "seed", "precision",
        "threads", "limit",
    ])]
    pub table: Option<PathBuf>,
    /// A field of the spec and the values it takes, or with --trials a range of them; may be given more than once
    #[arg(long, value_name = "KEY=V1,V2...")]
    pub vary: Vec<String>,
    /// Train N combinations that are drawn, instead of all there are
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub trials: Option<u16>,
    /// Train all for few epochs, the best Nth of them N times as many, and so on [N: 3]
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "3")]
    #[arg(value_parser = clap::value_parser!(u16).range(2..=16))]
    pub prune: Option<u16>,
    /// Train every combination from K seeds: the spec's seed and those after it
    #[arg(long, value_name = "K", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub seeds: u16,
    #[command(flatten)]
    pub members: MemberArgs,
}
