//! Trains, and shows what happens until the run ends.

use super::args::Args;
use super::board::Board;
use super::json::JsonReport;
use super::report::Report;
use super::seeds;
use super::text::TextReport;
use crate::cli::errors::{Cause, Interrupted, Left, Usage};
use crate::cli::signals::Interrupts;
use crate::data::Dataset;
use crate::runs::{
    BEST_FILE, Beginning, RunOptions, RunPlace, StartedWith, model_of, read_after, read_newest,
    read_steering_file, resume_command, runs_folder, spawn_run,
};
use crate::spec::CheckedSpec;
use crate::spec::vary::Settings;
use crate::train::{Command, Event, TrainingThread};
use color_eyre::eyre::{Result, eyre};
use std::sync::Arc;

/// Trains a network as the options say, new or resumed.
pub fn run(args: &Args) -> Result<()> {
    if args.seeds > 1 {
        return seeds::run(args);
    }
    let new_place = match &args.out {
        Some(path) => RunPlace::At(path.clone()),
        None => RunPlace::Under(runs_folder().into()),
    };
    let (spec, place) = match (&args.resume, &args.fork) {
        (Some(folder), _) => {
            let found = read_newest(folder)?;
            (found.checkpoint.spec, RunPlace::Resume(folder.clone()))
        }
        (None, Some(folder)) => (read_after(folder, args.after)?.spec, new_place),
        (None, None) => (args.overrides.apply(args.spec.read()?)?, new_place),
    };
    let (beginning, set) = (beginning(args)?, settings(args)?);
    let dataset = args.limit.load(&args.data, &spec.dataset)?;
    let spec = match args.resume.is_some() || args.fork.is_some() {
        true => spec,
        false => args.spec.adapted(spec, &dataset)?,
    };
    let options = RunOptions {
        place: Some(place),
        beginning,
        set,
        more_epochs: args.more.map_or(0, |more| more as usize),
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

/// What a new run begins with.
fn beginning(args: &Args) -> Result<Beginning> {
    Ok(match (&args.fork, &args.init_from, &args.steering) {
        (Some(run), _, _) => Beginning::Fork {
            run: run.clone(),
            epochs: args.after,
        },
        (None, Some(model), _) => Beginning::Weights(model_of(model, BEST_FILE)?),
        (None, None, Some(file)) => {
            let changes = read_steering_file(file).map_err(|problem| eyre!(problem))?;
            Beginning::Replay(changes)
        }
        (None, None, None) => Beginning::Fresh,
    })
}

/// The settings to change in a run that goes on.
fn settings(args: &Args) -> Result<Settings> {
    let goes_on = args.resume.is_some() || args.fork.is_some();
    if !goes_on && (args.more.is_some() || !args.set.is_empty()) {
        let problem =
            "--more and --set are for a run that goes on: give --resume DIR or --fork DIR too";
        return Err(Usage(problem.into()).into());
    }
    Settings::parse(&args.set).map_err(|problem| Usage(format!("--set: {problem}")).into())
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
