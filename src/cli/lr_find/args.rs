//! The options of `fmnist-tui lr-find`.

use crate::cli::args::{DataArgs, LimitArgs, PrecisionArgs, SpecArgs, ThreadArgs};
use std::path::PathBuf;

/// The text below the options in `--help`.
const AFTER_HELP: &str = "\
A new network is trained for a few batches while the learning rate rises, to see where the loss falls
fastest and where it breaks (the learning rate range test, arXiv 1506.01186). The network is not kept;
begin a training with what the test suggests: fmnist-tui train ... --lr X";

/// Options of `lr-find`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    pub spec: SpecArgs,
    /// The first learning rate
    #[arg(long, value_name = "X", default_value_t = 1e-6)]
    pub from: f64,
    /// The last learning rate
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub to: f64,
    /// Optimiser steps from the first to the last
    #[arg(long, value_name = "N", default_value_t = 200)]
    #[arg(value_parser = clap::value_parser!(u16).range(20..=10_000))]
    pub steps: u16,
    /// Images per optimiser step, instead of the spec's
    #[arg(long, value_name = "N")]
    pub batch: Option<usize>,
    /// Seed of every random number, instead of the spec's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub precision: PrecisionArgs,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub limit: LimitArgs,
    /// Write every step's learning rate and losses to FILE; `-` is stdout, which then has nothing else
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print one JSON object a line instead of the chart
    #[arg(long)]
    pub json: bool,
}
