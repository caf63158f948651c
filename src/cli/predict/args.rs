//! Options of `predict`.

use crate::cli::args::DataArgs;
use crate::cli::foreign::ForeignArgs;
use std::path::PathBuf;

/// Options of `predict`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["pictures", "index", "image"])))]
pub struct Args {
    /// A run folder, whose best model is taken, or a model file; with --spec another program's
    pub model: PathBuf,
    #[command(flatten)]
    pub foreign: ForeignArgs,
    /// Pictures of any size (PNG, JPEG, WebP, GIF, BMP, TIFF), and folders of them
    #[arg(value_name = "PICTURE")]
    pub pictures: Vec<PathBuf>,
    /// Positions of validation images, counted from 0
    #[arg(long, value_name = "N", num_args = 1..)]
    pub index: Vec<usize>,
    /// The same as PICTURE
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub image: Vec<PathBuf>,
    /// Turn dark into light and light into dark, whatever the pictures look like
    #[arg(long, conflicts_with = "index")]
    pub invert: bool,
    /// Only scale the pictures: they are not centred, inverted or levelled to be like the training images
    #[arg(long, conflicts_with = "index")]
    pub no_adjust: bool,
    #[command(flatten)]
    pub data: DataArgs,
    /// Write a table of the pictures to FILE, a line each, instead of text; - for the standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["index", "json"])]
    pub csv: Option<PathBuf>,
    /// Print one JSON object per image instead of text
    #[arg(long)]
    pub json: bool,
}
