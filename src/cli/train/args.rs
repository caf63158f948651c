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
        "limit", "out", "epochs", "batch", "lr", "seed", "exclude", "precision", "seeds",
    ])]
    pub resume: Option<PathBuf>,
    /// Go on from the run in this folder in a new folder, and leave the old one as it is
    #[arg(long, value_name = "DIR", group = "SpecArgs", conflicts_with_all = [
        "limit", "epochs", "batch", "lr", "seed", "exclude", "precision", "seeds",
    ])]
    pub fork: Option<PathBuf>,
    /// With --fork: from the checkpoint after epoch N [default: the last one]
    #[arg(long, value_name = "N", requires = "fork")]
    pub after: Option<usize>,
    /// With --resume or --fork: train N epochs more
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub more: Option<u32>,
    /// With --resume or --fork: give a setting another value from here on, e.g. learning_rate=0.01,
    /// dropout=0.2, optimizer.weight_decay=0; may be repeated
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Begin with the weights of this model, wherever a tensor has the same name and shape; of another program's
    /// (a safetensors state dict) wherever the kind and shape of a layer fit
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["resume", "fork", "seeds"])]
    pub init_from: Option<PathBuf>,
    /// Change settings before the steps that this file names, as a steered run's steering.jsonl does:
    /// with the same spec it gives the same model, bit for bit
    #[arg(long, value_name = "FILE", conflicts_with_all = ["resume", "fork", "init_from", "seeds"])]
    pub steering: Option<PathBuf>,
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
