//! `fmnist-tui train`.

use super::args::{DataArgs, Overrides, SpecArgs, ThreadArgs};
use super::train_json::JsonReport;
use super::train_text::TextReport;
use crate::data::Dataset;
use crate::spec::Spec;
use crate::train::{Command, Event, RunOptions, RunPlace, Worker};
use color_eyre::eyre::{Result, eyre};
use std::path::PathBuf;
use std::sync::Arc;

/// Options of `train`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Use only the first N training images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Folder for the results, new or empty [default: a new one in runs/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON object a line instead of text
    #[arg(long)]
    json: bool,
}

/// Shows a run's events; an error ends the run.
pub trait Report {
    /// Shows one event.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn show(&mut self, event: &Event) -> Result<()>;
}

/// Trains as the options say.
pub fn run(args: &Args) -> Result<()> {
    let mut spec = args.spec.read()?;
    args.overrides.apply(&mut spec)?;
    let mut dataset = args.data.load(&spec.dataset)?;
    if let Some(limit) = args.limit {
        dataset.limit_train(limit as usize);
    }
    let place = match &args.out {
        Some(path) => RunPlace::At(path.clone()),
        None => RunPlace::Under("runs".into()),
    };
    train(spec, dataset, place, args.threads.get(), args.json)
}

fn train(
    spec: Spec,
    dataset: Dataset,
    place: RunPlace,
    threads: Option<usize>,
    json: bool,
) -> Result<()> {
    let dataset = Arc::new(dataset);
    let mut report: Box<dyn Report> = if json {
        Box::new(JsonReport::new(&spec, Arc::clone(&dataset)))
    } else {
        Box::new(TextReport::new(&spec, Arc::clone(&dataset)))
    };
    let options = RunOptions {
        place: Some(place),
        threads,
    };
    let Worker {
        commands,
        events,
        handle,
    } = Worker::spawn(spec, dataset, options)?;
    let mut outcome = Ok(());
    for event in &events {
        let shown = report.show(&event);
        match event {
            Event::Failed(message) => outcome = Err(eyre!(message)),
            Event::Diverged(divergence) => outcome = Err(eyre!(divergence.message)),
            Event::SaveFailed(message) if outcome.is_ok() => outcome = Err(eyre!(message)),
            _ => {}
        }
        if let Err(error) = shown {
            // Nobody reads the output any more. Let the run put its files down before leaving.
            let _ = commands.send(Command::Stop);
            outcome = Err(error);
            break;
        }
    }
    // A panic of the worker has become an event already.
    let _ = handle.join();
    outcome
}
