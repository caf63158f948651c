//! `fmnist-tui` without a command: the full-screen app.

use super::args::{DataArgs, ThreadArgs};
use crate::explain::lesson::Lesson;
use crate::text::is_ascii_only;
use crate::tui::theme::Palette;
use crate::tui::{self, Options};
use color_eyre::eyre::Result;
use std::path::PathBuf;

/// Options of the app.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Colours
    #[arg(long, value_enum, default_value_t = Theme::Dark)]
    theme: Theme,
    /// Write how many milliseconds each key took to show
    #[arg(long, value_name = "FILE", hide = true)]
    latency_log: Option<PathBuf>,
}

/// The sets of colours there are.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Theme {
    /// Light on dark
    Dark,
    /// Dark on light
    Light,
    /// Told apart by people of every colour vision
    ColorBlind,
}

/// Runs the app.
pub fn run(args: &Args) -> Result<()> {
    run_with(args, None)
}

/// Runs the app with a lesson; `Some(None)` lets the user choose one.
pub fn run_with(args: &Args, learn: Option<Option<Lesson>>) -> Result<()> {
    tui::run(Options {
        learn,
        data: args.data.data.clone(),
        threads: args.threads.get(),
        palette: match args.theme {
            Theme::Dark => Palette::Dark,
            Theme::Light => Palette::Light,
            Theme::ColorBlind => Palette::ColorBlind,
        },
        ascii: is_ascii_only(),
        latency_log: args.latency_log.clone(),
    })?;
    Ok(())
}
