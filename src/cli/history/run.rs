//! The command.

use super::told::Told;
use crate::cli::errors::Usage;
use crate::cli::output::{print, print_json};
use crate::insight::{Stories, Story};
use color_eyre::eyre::Result;
use std::path::PathBuf;

/// Options of `history`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run folder
    run: PathBuf,
    /// Tell the story of one validation image, by its position counted from 0
    #[arg(long, value_name = "N")]
    image: Option<usize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Tells what a run learnt when.
pub fn run(args: &Args) -> Result<()> {
    let told = Told::read(&args.run)?;
    let Some(image) = args.image else {
        let stories = Stories::new(&told.history);
        return match args.json {
            true => print_json(&told.line(&stories)),
            false => print(&told.text(&stories)),
        };
    };
    let Some(story) = Story::of(&told.history, image) else {
        let last = told.history.labels().len().saturating_sub(1);
        let message =
            format!("--image {image}: the run's validation images are numbered 0 to {last}");
        return Err(Usage(message).into());
    };
    match args.json {
        true => print_json(&told.image_line(image, &story)),
        false => print(&told.image_text(image, &story)),
    }
}
