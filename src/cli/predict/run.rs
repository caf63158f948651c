//! Predicts images, wherever they are from.

use super::args::Args;
use super::{dataset, files, photos};
use crate::nn;
use color_eyre::eyre::Result;

/// Predicts every image and prints the answers.
pub fn run(args: &Args) -> Result<()> {
    let (model, info) = nn::load_model(&args.model)?;
    if !args.index.is_empty() {
        return dataset::run(args, &model, &info);
    }
    let files = files::listed(args.pictures.iter().chain(&args.image))?;
    photos::run(args, &files, &model, &info)
}
