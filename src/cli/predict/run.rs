//! Predicts images, wherever they are from.

use super::args::Args;
use super::{dataset, files, photos};
use crate::runs::{BEST_FILE, model_of};
use color_eyre::eyre::Result;

/// Predicts every image and prints the answers.
pub fn run(args: &Args) -> Result<()> {
    let path = model_of(&args.model, BEST_FILE)?;
    let (model, info) = args.foreign.load(&path, &args.data)?;
    if !args.index.is_empty() {
        return dataset::run(args, &model, &info);
    }
    let files = files::listed(args.pictures.iter().chain(&args.image))?;
    photos::run(args, &files, &model, &info)
}
