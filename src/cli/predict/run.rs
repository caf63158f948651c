//! Predicts images, wherever they are from.

use super::args::Args;
use super::{dataset, files, photos};
use color_eyre::eyre::Result;

/// Predicts every image and prints the answers.
pub fn run(args: &Args) -> Result<()> {
    let (model, info) = args.foreign.load(&args.model, &args.data)?;
    if !args.index.is_empty() {
        return dataset::run(args, &model, &info);
    }
    let files = files::listed(args.pictures.iter().chain(&args.image))?;
    photos::run(args, &files, &model, &info)
}
