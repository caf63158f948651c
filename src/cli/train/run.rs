//! Trains, and shows what happens until the run ends.

use super::args::Args;
use super::board::Board;
use super::json::JsonReport;
use super::report::Report;
use super::text::TextReport;
use crate::cli::errors::Interrupted;
use crate::cli::signals::Interrupts;
use crate::data::Dataset;
use crate::runs::{RunOptions, RunPlace, read_newest, resume_command, spawn_run};
use crate::spec::CheckedSpec;
use crate::train::{Command, Event, TrainingThread};
use color_eyre::eyre::{Result, eyre};
use std::sync::Arc;

/// Trains a network as the options say, new or resumed.
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
            // The reader of the output is gone. The run still saves its files before it ends.
            let _ = commands.send(Command::Stop);
            outcome = Err(error);
        }
    }
    // A panic of the training has become an event already.
    let _ = handle.join();
    outcome
}
