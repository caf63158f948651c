//! The options of `fmnist-tui export`.

use crate::cli::args::{DataArgs, ThreadArgs};
use crate::cli::foreign::ForeignArgs;
use std::path::PathBuf;

/// Options of `export`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args([
    "csv", "tensorboard", "onnx", "c", "python", "keras",
])))]
pub struct Args {
    /// Run folders; for a model one, whose best model is taken, or a model file; --python and --keras take a
    /// --spec alone too
    #[arg(value_name = "RUN", required_unless_present = "spec")]
    pub runs: Vec<PathBuf>,
    /// Write the epochs as CSV
    #[arg(long)]
    pub csv: bool,
    /// The CSV file; what is there is replaced [default: -, the standard output]
    #[arg(long, value_name = "FILE", conflicts_with = "tensorboard")]
    pub out: Option<PathBuf>,
    /// Write an event file a run into folders below DIR, for `tensorboard --logdir DIR`
    #[arg(long, value_name = "DIR")]
    pub tensorboard: Option<PathBuf>,
    /// Write the model as an ONNX file for other programs: pixels from 0 to 255 go in, the
    /// normalisation is in it; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "images"])]
    pub onnx: Option<PathBuf>,
    /// With --onnx: in whole numbers of 8 bits, a quarter of the size; their levels are chosen by 1,000 of the training
    /// images, and the accuracy is told beside the one in f32
    #[arg(long, requires = "onnx", conflicts_with_all = ["c", "python", "keras"])]
    pub int8: bool,
    /// With --int8: write the class that it predicts of every validation image to FILE, one number a line
    #[arg(long, value_name = "FILE", requires = "int8")]
    pub predictions: Option<PathBuf>,
    /// Write a small model as one C file without dependencies, for microcontrollers; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "images"])]
    pub c: Option<PathBuf>,
    /// Write the network as a PyTorch program that loads the weights, predicts, and trains as the spec says;
    /// `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "images"])]
    pub python: Option<PathBuf>,
    /// Write the same for Keras 3; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "images"])]
    pub keras: Option<PathBuf>,
    #[command(flatten)]
    pub foreign: ForeignArgs,
    /// With --tensorboard: evaluate the best models and add their confusion matrices and worst mistakes
    #[arg(long, conflicts_with = "csv")]
    pub images: bool,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub threads: ThreadArgs,
}
