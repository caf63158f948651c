//! `fmnist-tui train`.

use super::args::{DataArgs, LimitArgs, Overrides, SpecArgs, ThreadArgs};
use super::errors::Interrupted;
use super::signals::Interrupts;
use super::train_board::Board;
use super::train_json::JsonReport;
use super::train_text::TextReport;
use crate::data::Dataset;
use crate::runs::{RunOptions, RunPlace, read_newest, resume_command, spawn_run};
use crate::spec::CheckedSpec;
use crate::train::{Command, Event, TrainingThread};
use color_eyre::eyre::{Result, eyre};
use std::path::PathBuf;
use std::sync::Arc;

/// Options of `train`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Go on with the interrupted run in this folder, with its own spec and images
    #[arg(long, value_name = "DIR", group = "SpecArgs", conflicts_with_all = [
        "limit", "out", "epochs", "batch", "lr", "seed", "precision",
    ])]
    resume: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    limit: LimitArgs,
    /// Folder for the results, new or empty [default: a new one in runs/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write the run's curves into a folder below DIR as it goes, for `tensorboard --logdir DIR`
    #[arg(long, value_name = "DIR")]
    tensorboard: Option<PathBuf>,
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

    /// Says something that is no result, where a person sees it.
    fn warn(&self, text: &str);
}

/// Trains as the options say.
pub fn run(args: &Args) -> Result<()> {
    let (spec, place) = match &args.resume {
        Some(folder) => {
            let found = read_newest(folder)?;
            (found.checkpoint.spec, RunPlace::Resume(folder.clone()))
        }
        None => {
            let spec = args.overrides.apply(args.spec.read()?)?;
            let place = match &args.out {
                Some(path) => RunPlace::At(path.clone()),
                None => RunPlace::Under("runs".into()),
            };
            (spec, place)
        }
    };
    let dataset = args.limit.load(&args.data, &spec.dataset)?;
    let options = RunOptions {
        place: Some(place),
        start_unsaved: false,
        threads: args.threads.get(),
    };
    let board = args.tensorboard.clone();
    let board = board.map(|folder| Board::new(folder, &spec.name));
    train(spec, dataset, options, args.json, board)
}

fn train(
    spec: CheckedSpec,
    dataset: Dataset,
    options: RunOptions,
    json: bool,
    mut board: Option<Board>,
) -> Result<()> {
    let dataset = Arc::new(dataset);
    let mut report: Box<dyn Report> = if json {
        Box::new(JsonReport::new(&spec, Arc::clone(&dataset)))
    } else {
        Box::new(TextReport::new(&spec, Arc::clone(&dataset)))
    };
    let TrainingThread {
        commands,
        events,
        handle,
    } = spawn_run(spec, dataset, options)?;
    let stop = commands.clone();
    let interrupts = Interrupts::watch(move || {
        // A run that is over needs no commands.
        let _ = stop.send(Command::Stop);
    })?;
    let mut outcome = Ok(());
    for event in &events {
        let shown = report.show(&event);
        if let Some(problem) = board.as_mut().and_then(|board| board.follow(&event)) {
            report.warn(&problem);
        }
        match event {
            Event::Failed(message) => outcome = Err(eyre!(message)),
            Event::Diverged(divergence) => outcome = Err(eyre!(divergence.message)),
            Event::Done(summary) => {
                if let (true, Some(signal)) = (summary.stopped_early, interrupts.first()) {
                    let folder = summary.folder.filter(|_| summary.unsaved.is_none());
                    let command = folder.as_deref().map(resume_command);
                    outcome = Err(Interrupted { signal, command }.into());
                } else if let Some(reason) = summary.unsaved {
                    outcome = Err(eyre!("the run is not saved: {reason}"));
                }
            }
            _ => {}
        }
        if let (Err(error), true) = (shown, outcome.is_ok()) {
            // Nobody reads the output any more. Let the run put its files down before leaving.
            let _ = commands.send(Command::Stop);
            outcome = Err(error);
        }
    }
    // A panic of the training has become an event already.
    let _ = handle.join();
    outcome
}
