//! The options of `fmnist-tui data audit`.

use crate::cli::args::{DataArgs, LimitArgs, ThreadArgs};
use crate::insight::audit::{MOST_FOLDS, SIMILAR};
use std::path::PathBuf;

/// The text below the options in `--help`.
const AFTER_HELP: &str = "\
Labels are judged by networks that have not seen the images: the training images are divided into
folds, and for each fold a network is trained on the others. What is confidently taken for another
class than its label says is likely labelled wrong (confident learning, arXiv 1911.00068). Look at
the images before you leave them out.";

/// Options of `data audit`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub limit: LimitArgs,
    /// Check for copies, unusual images and class balance alone; that takes seconds
    #[arg(long, conflicts_with_all = ["preset", "spec", "folds", "epochs", "probabilities"])]
    pub no_labels: bool,
    /// The network that judges the labels [default: tiny, made to fit the data]
    #[arg(long, value_name = "NAME", conflicts_with = "spec")]
    pub preset: Option<String>,
    /// The network that judges the labels, from a spec file (JSON)
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// Folds, each of which one network does not see
    #[arg(long, value_name = "K", default_value_t = 4)]
    #[arg(value_parser = clap::value_parser!(u8).range(2..=MOST_FOLDS as i64))]
    pub folds: u8,
    /// Epochs that each network is trained for, instead of the spec's
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Correlation of pixels from which two images count as nearly the same
    #[arg(long, value_name = "X", default_value_t = SIMILAR)]
    pub similarity: f64,
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Examples that are listed of each kind, the worst first
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub worst: usize,
    /// Write the numbers of the suspicious training images to FILE, for `train --exclude FILE`
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the out-of-fold probabilities of all images to FILE (CSV)
    #[arg(long, value_name = "FILE")]
    pub probabilities: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}
