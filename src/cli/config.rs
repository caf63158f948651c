//! `fmnist-tui config`.

use super::output::print;
use crate::config::{Place, default_text, place, read};
use crate::text::shown_path;
use color_eyre::eyre::{Result, eyre};
use std::path::Path;

/// Options of `config`.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub struct Args {
    /// Print a config file with every setting and every key of the app, each with its default, as comments
    #[arg(long)]
    print: bool,
    /// Print only the path of the config file, whether it is there or not
    #[arg(long)]
    path: bool,
}

/// Says where the config file is and checks it, or prints one.
pub fn run(args: &Args, explicit: Option<&Path>) -> Result<()> {
    if args.print {
        return print(&default_text());
    }
    let place = place(explicit);
    let path = place.path().ok_or_else(|| {
        eyre!(
            "this system has no folder for config files; name a file with --config or FMNIST_CONFIG"
        )
    })?;
    let shown = shown_path(path);
    if args.path {
        return print(&shown);
    }
    if matches!(place, Place::Usual(_)) && !path.exists() {
        return print(&format!(
            "{shown}\nis not there: everything is as usual. `fmnist-tui config --print` writes one to begin with"
        ));
    }
    read(&place)?;
    print(&format!("{shown}\nis read, and nothing is wrong with it"))
}
