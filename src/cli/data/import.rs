//! `fmnist-tui data import`.

use crate::cli::errors::{Cause, Interrupted, Left};
use crate::cli::output::{note, print, print_json};
use crate::cli::progress;
use crate::cli::signals::Interrupts;
use crate::data::import::{
    Colours, ImportError, ImportEvent, ImportOptions, Imported, Invert, Skipped, import,
};
use crate::text::{escape_controls, first, grouped, quoted, shown_bytes, shown_path};
use clap::ValueEnum;
use color_eyre::eyre::Result;
use indicatif::ProgressBar;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Pictures that could not be used, as far as they are listed on the screen.
const LISTED: usize = 20;
/// Of the classes' names, as far as they are shown.
const NAMED: usize = 12;

/// What to import, and how.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "SOURCE is recognised by what is in it: a folder of pictures for each class, with or without train \
    and test folders; CSV with a label and pixels; NumPy .npz or .npy; IDX (MNIST, EMNIST, KMNIST, QMNIST, \
    torchvision's folders); CIFAR's binary version; or a zip or tar archive of any of these."
)]
pub struct Args {
    /// Folder, file or archive with pictures and labels
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// Folder to make; it must not exist or be empty
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Pixels of a side, 1 to 64 [default: the pictures' own where they are arrays of at most 64 a side; 28
    /// otherwise]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    size: Option<u8>,
    /// Make all pictures grey
    #[arg(long, alias = "gray", conflicts_with = "colour")]
    grey: bool,
    /// Three channels, also if no picture has a colour
    #[arg(long, alias = "color")]
    colour: bool,
    /// Share of each class to test with, if SOURCE has no test set
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    split: f64,
    /// Exchange dark and light; auto: if the pictures are grey and most of their corners light
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    invert: When,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// When dark and light are exchanged.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    /// If most corners are light
    Auto,
    /// Always
    Yes,
    /// Never
    No,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "must be more than 0 and less than 1".into())
}

impl Args {
    fn options(&self) -> ImportOptions {
        ImportOptions {
            size: self.size.map(usize::from),
            colours: match (self.grey, self.colour) {
                (true, _) => Colours::Grey,
                (_, true) => Colours::Colour,
                _ => Colours::AsTheyAre,
            },
            split: self.split,
            invert: match self.invert {
                When::Auto => Invert::Auto,
                When::Yes => Invert::Yes,
                When::No => Invert::No,
            },
        }
    }
}

/// Imports, and says what came of it.
pub fn run(args: &Args) -> Result<()> {
    let cancel = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&cancel);
    let interrupts = Interrupts::watch(move || stop.store(true, Ordering::Relaxed))?;
    let bars = progress::bars();
    let bar = progress::bar(&bars, "{prefix:<9} {bar:24} {wide_msg}", 1);
    let report = |event| show(&bar, event);
    let outcome = import(&args.source, &args.to, &args.options(), &cancel, &report);
    bar.finish_and_clear();
    let imported = match (outcome, interrupts.first()) {
        (Err(ImportError::Cancelled), Some(signal)) => {
            let (cause, left) = (Cause::Signal(signal), Left::NoResult);
            return Err(Interrupted { cause, left }.into());
        }
        (outcome, _) => outcome?,
    };
    if args.json {
        return print_json(&Json {
            to: &args.to.to_string_lossy(),
            imported: &imported,
            skipped_pictures: &imported.skipped_pictures,
        });
    }
    print(&text(&imported, &args.to))?;
    let used = format!("--data {}", quoted(&args.to.to_string_lossy()));
    note(&format!(
        "to train on it: fmnist-tui train --preset tiny {used}"
    ));
    Ok(())
}

fn show(bar: &ProgressBar, event: ImportEvent) {
    match event {
        ImportEvent::Read(bytes) => {
            bar.set_prefix("reading");
            bar.set_message(shown_bytes(bytes));
        }
        ImportEvent::Pictures { done, all } => {
            bar.set_prefix("pictures");
            bar.set_length(all as u64);
            // Threads report in any order.
            bar.set_position(bar.position().max(done as u64).min(all as u64));
            bar.set_message(format!(
                "{} of {}",
                grouped(done as u64),
                grouped(all as u64)
            ));
        }
        ImportEvent::Writing => {
            bar.set_prefix("writing");
            bar.set_message("");
        }
    }
}

#[derive(Serialize)]
struct Json<'a> {
    to: &'a str,
    #[serde(flatten)]
    imported: &'a Imported,
    skipped_pictures: &'a [Skipped],
}

fn text(imported: &Imported, to: &Path) -> String {
    let channels = match imported.channels {
        1 => "grey".to_owned(),
        channels => format!("{channels} channels"),
    };
    let mut text = format!(
        "made        {}\nfrom        {} ({})\nimages      {} for training, {} for validation\nsize        {}×{}, \
         {channels}\nclasses     {}\ninverted    {}\n",
        shown_path(to),
        escape_controls(&imported.source),
        escape_controls(&imported.format),
        grouped(imported.train_images as u64),
        grouped(imported.test_images as u64),
        imported.height,
        imported.width,
        classes(&imported.classes),
        if imported.inverted {
            "yes, dark and light are exchanged"
        } else {
            "no"
        },
    );
    if let Some(split) = imported.split {
        text.push_str(&format!(
            "split       the source has no test set: {split} of each class, spread evenly, is held out\n"
        ));
    }
    for note in &imported.notes {
        text.push_str(&format!("note        {}\n", escape_controls(note)));
    }
    if imported.skipped > 0 {
        text.push_str(&format!(
            "left out    {} that could not be used; skipped.txt names them\n",
            grouped(imported.skipped as u64)
        ));
        for picture in imported.skipped_pictures.iter().take(LISTED) {
            let line = format!("  {}: {}", picture.file, picture.reason);
            text.push_str(&escape_controls(&line));
            text.push('\n');
        }
        if imported.skipped > LISTED {
            text.push_str(&format!(
                "  and {} more\n",
                grouped((imported.skipped - LISTED) as u64)
            ));
        }
    }
    text
}

fn classes(names: &[String]) -> String {
    let shown = names.iter().take(NAMED);
    let mut shown: Vec<String> = shown
        .map(|name| first(&escape_controls(name), 24).to_owned())
        .collect();
    if names.len() > NAMED {
        shown.push("…".into());
    }
    format!("{}: {}", names.len(), shown.join(", "))
}
