//! The options of `fmnist-tui ablate`.

use crate::cli::args::SpecArgs;
use crate::cli::sweep::MemberArgs;
use std::path::PathBuf;

/// The text below the options in `--help`.
const AFTER_HELP: &str = "\
KEY is a layer's number, a kind of which all layers go (BatchNorm, Activation, Dropout, Residual), or a
setting such as weight_decay; all stands for all of them. Without --layers and --settings everything is
left out that can be, one part at a time. What cannot be left out is replaced or said: --list shows how.

An ablation is a sweep: the same command given again goes on where it was, and shards of it may run at the
same time. Every network without a part is paired with the whole one from the same seed.";

/// Options of `ablate`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    pub spec: SpecArgs,
    /// Print what is known of the ablation in this folder and train nothing
    #[arg(long, value_name = "DIR", group = "SpecArgs", conflicts_with_all = [
        "layers", "settings", "list", "seeds", "jobs", "shard", "out", "data", "threads", "epochs", "batch", "lr", "seed",
        "precision", "limit",
    ])]
    pub table: Option<PathBuf>,
    /// The layers to leave out, one at a time: numbers from 1, kinds, or all
    #[arg(long, value_name = "KEY,KEY...", value_delimiter = ',')]
    pub layers: Vec<String>,
    /// The settings to turn off, one at a time: names, or all
    #[arg(long, value_name = "KEY,KEY...", value_delimiter = ',')]
    pub settings: Vec<String>,
    /// Print what can be left out and what cannot, and train nothing
    #[arg(long, conflicts_with_all = ["seeds", "jobs", "shard", "out", "data", "limit", "threads"])]
    pub list: bool,
    /// Train every network from K seeds: the spec's seed and those after it
    #[arg(long, value_name = "K", default_value_t = 3)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub seeds: u16,
    #[command(flatten)]
    pub members: MemberArgs,
}
