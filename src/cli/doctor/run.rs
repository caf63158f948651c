//! Looks at everything and prints it.

use super::private::Private;
use super::report::{Section, json, text};
use super::{files, machine, terminal};
use crate::cli::args::DataArgs;
use crate::cli::output::{print, print_json};
use color_eyre::eyre::Result;
use std::path::Path;

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// Ask the terminal which pictures it can draw; it may show a few odd characters if it does not know the question
    #[arg(long)]
    graphics: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Prints what is found. A part that is not known is no failure.
///
/// # Errors
/// When stdout cannot be written.
pub fn run(args: &Args, config: Option<&Path>) -> Result<()> {
    // First: it may name other folders for data and runs.
    let config = files::config(config);
    let sections: [Section; 6] = [
        machine::program(),
        machine::machine(),
        terminal::terminal(args.graphics),
        files::data(&args.data),
        config,
        files::folders(),
    ];
    let private = Private::of_user();
    match args.json {
        true => print_json(&json(&sections, &private)),
        false => print(&text(&sections, &private)),
    }
}
