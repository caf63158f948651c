//! `fmnist-tui` without a command: the full-screen app.

use super::args::{DataArgs, ThreadArgs};
use super::errors::Usage;
use super::settings::{is_plain, settings};
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
    /// Colours [default: dark, or what the config file says]
    #[arg(long, value_enum)]
    theme: Option<Theme>,
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
    if is_plain() {
        let remedy = "the app draws; --plain is for commands, such as `fmnist-tui train --preset tiny --plain`";
        return Err(Usage(remedy.into()).into());
    }
    let settings = settings();
    tui::run(Options {
        learn,
        data: args.data.data.clone(),
        threads: args.threads.get(),
        palette: match args.theme {
            None => settings.palette.unwrap_or_default(),
            Some(Theme::Dark) => Palette::Dark,
            Some(Theme::Light) => Palette::Light,
            Some(Theme::ColorBlind) => Palette::ColorBlind,
        },
        depth: settings.depth,
        ascii: is_ascii_only() || settings.ascii,
        keymap: settings.keymap.as_ref(),
        latency_log: args.latency_log.clone(),
    })?;
    Ok(())
}
