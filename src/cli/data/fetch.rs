//! `fmnist-tui data fetch`.

use crate::cli::errors::Usage;
use crate::cli::output::{bytes, duration, note, print};
use crate::cli::progress;
use crate::data::catalog::{self, DataSetFiles};
use crate::data::fetch::{FetchEvent, FetchOptions, base_address, fetch};
use crate::data::{self, Located};
use crate::text::{escape_controls, shown_path};
use color_eyre::eyre::Result;
use indicatif::{MultiProgress, ProgressBar};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// What to fetch, from where, and where to.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An interrupted fetch goes on where it was the next time. A proxy is taken from \
    ALL_PROXY, HTTPS_PROXY or HTTP_PROXY, the first that is set, except for the hosts in NO_PROXY."
)]
pub struct Args {
    /// Data set
    #[arg(long, value_name = "NAME", value_enum, default_value_t = Published::FashionMnist)]
    dataset: Published,
    /// Address of a folder that has the files, instead of the known servers
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// Folder for the files [default: the data set's folder in your user data folder]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Put the published files in the place of files that differ from them
    #[arg(long)]
    replace: bool,
}

/// The data sets that can be fetched.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Published {
    /// Zalando's clothing
    FashionMnist,
    /// Handwritten digits
    Mnist,
}

/// Fetches the data set and shows how far it is.
pub fn run(args: &Args) -> Result<()> {
    let mut set = match args.dataset {
        Published::FashionMnist => catalog::fashion_mnist(),
        Published::Mnist => catalog::mnist(),
    };
    if let Some(address) = &args.from {
        let address = base_address(address).map_err(|error| Usage(format!("--from: {error}")))?;
        set.mirrors = vec![address];
    }
    let dir = match &args.to {
        Some(dir) => dir.clone(),
        None => data::user_folder(&set.name).ok_or_else(|| {
            Usage("the system names no folder for user data; choose one with --to".into())
        })?,
    };
    let options = FetchOptions {
        replace: args.replace,
        ..FetchOptions::new(&dir)
    };
    let screen = Screen::new(&set);
    let outcome = fetch(&set, &options, &AtomicBool::new(false), &|event| {
        screen.show(&event);
    });
    drop(screen.bars);
    outcome?;
    print(&format!("{} is in {}", set.name, shown_path(&dir)))?;
    if let Some(hint) = hint(&dir, &set.name) {
        note(&hint);
    }
    Ok(())
}

/// What to do if the program would not find the folder by itself.
fn hint(dir: &Path, dataset: &str) -> Option<String> {
    let use_it = format!("--data {} uses this one", shown_path(dir));
    let full = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.into());
    match data::locate(None, dataset) {
        Located::Folder { dir: found, .. } if full(&found) == full(dir) => None,
        Located::Folder {
            dir: found,
            chosen_by,
        } => Some(format!(
            "without an option the program uses {} (found by {chosen_by}); {use_it}",
            shown_path(&found)
        )),
        Located::Sample { .. } => Some(use_it),
    }
}

/// Shows a progress bar per file on a terminal, and lines that stay.
struct Screen<'a> {
    set: &'a DataSetFiles,
    all: MultiProgress,
    bars: Mutex<Vec<ProgressBar>>,
}

impl<'a> Screen<'a> {
    fn new(set: &'a DataSetFiles) -> Self {
        let all = progress::bars();
        let bars = set.files.iter().map(|file| {
            let bar = progress::bar(&all, "{prefix:<26} {bar:16} {wide_msg}", file.bytes);
            bar.set_prefix(file.name.clone());
            bar.tick();
            bar
        });
        Self {
            set,
            bars: Mutex::new(bars.collect()),
            all,
        }
    }

    fn show(&self, event: &FetchEvent) {
        match event {
            FetchEvent::Started {
                file, resumed_at, ..
            } => {
                if *resumed_at > 0 {
                    let name = &self.set.files[*file].name;
                    self.say(&format!("{name}: resuming at {}", bytes(*resumed_at)));
                }
            }
            FetchEvent::Progress {
                file,
                bytes: done,
                bytes_per_second,
            } => {
                let left = self.set.files[*file].bytes.saturating_sub(*done) as f64;
                let speed = bytes(*bytes_per_second as u64);
                let seconds = duration(left / bytes_per_second.max(1.0));
                self.bar(*file, |bar| {
                    bar.set_position(*done);
                    bar.set_message(format!("{}  {speed}/s  {seconds} left", bytes(*done)));
                });
            }
            FetchEvent::Retrying { reason, wait, .. } => {
                let when = match *wait {
                    Duration::ZERO => String::new(),
                    wait => format!("; trying again in {}", duration(wait.as_secs_f64())),
                };
                self.say(&format!("{}{when}", escape_controls(reason)));
            }
            FetchEvent::Done { file, already } => {
                let known = &self.set.files[*file];
                let how = if *already { "already there" } else { "fetched" };
                let line = format!("{}  {}  {how}", known.name, bytes(known.bytes));
                self.bar(*file, |bar| bar.finish_and_clear());
                // A closed stdout must not stop the fetch.
                let _ = self.all.suspend(|| print(&line));
            }
        }
    }

    fn say(&self, text: &str) {
        self.all.suspend(|| note(text));
    }

    fn bar(&self, file: usize, change: impl FnOnce(&ProgressBar)) {
        if let Ok(bars) = self.bars.lock()
            && let Some(bar) = bars.get(file)
        {
            change(bar);
        }
    }
}
