//! Trains, and shows what happens until the run ends.

use super::args::Args;
use super::board::Board;
use super::json::JsonReport;
use super::report::Report;
use super::seeds;
use super::text::TextReport;
use crate::cli::errors::{Cause, Interrupted, Left};
use crate::cli::signals::Interrupts;
use crate::data::Dataset;
use crate::runs::{RunOptions, RunPlace, StartedWith, read_newest, resume_command, spawn_run};
use crate::spec::CheckedSpec;
use crate::train::{Command, Event, TrainingThread};
use color_eyre::eyre::{Result, eyre};
use std::sync::Arc;

/// Trains a network as the options say, new or resumed.
pub fn run(args: &Args) -> Result<()> {
    if args.seeds > 1 {
        return seeds::run(args);
    }
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
    let started = StartedWith {
        data: args.data.data.clone(),
        tensorboard: args.tensorboard.clone(),
        threads: options.threads,
        json: args.json,
    };
    train(spec, dataset, options, &started)
}

fn train(
    spec: CheckedSpec,
    dataset: Dataset,
    options: RunOptions,
    started: &StartedWith,
) -> Result<()> {
    let dataset = Arc::new(dataset);
    let board = started.tensorboard.clone();
    let mut board = board.map(|folder| Board::new(folder, &spec.name));
    let mut report: Box<dyn Report> = if started.json {
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
    let mut unreadable = None;
    for event in &events {
        if unreadable.is_none()
            && let Err(error) = report.show(&event)
        {
            // The run still saves its files before it ends.
            let _ = commands.send(Command::Stop);
            unreadable = Some(Cause::of_output(&error));
        }
        if let Some(problem) = board.as_mut().and_then(|board| board.follow(&event)) {
            report.warn(&problem);
        }
        match event {
            Event::Failed(message) => outcome = Err(eyre!(message)),
            Event::Diverged(divergence) => outcome = Err(eyre!(divergence.message)),
            Event::Done(summary) => {
                let signal = interrupts.first().filter(|_| summary.stopped_early);
                let cause = signal.map(Cause::Signal).or(unreadable.take());
                let saved = summary.folder.as_deref();
                let saved = saved.filter(|_| summary.unsaved.is_none());
                outcome = match (cause, saved, summary.unsaved) {
                    (Some(cause), saved, _) => {
                        let left = match saved {
                            None => Left::Nothing,
                            Some(folder) if summary.stopped_early => {
                                Left::GoesOn(resume_command(folder, started))
                            }
                            Some(folder) => Left::All(folder.to_owned()),
                        };
                        Err(Interrupted { cause, left }.into())
                    }
                    (None, _, Some(reason)) => Err(eyre!("the run is not saved: {reason}")),
                    (None, _, None) => Ok(()),
                };
            }
            _ => {}
        }
    }
    // A panic of the training has become an event already.
    let _ = handle.join();
    outcome
}
