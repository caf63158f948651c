//! Trains the members of a sweep, or prints its table.

use super::args::Args;
use super::json::JsonReport;
use super::report::{Begin, SweepReport};
use super::shard::Shard;
use super::text::TextReport;
use crate::cli::errors::{Cause, Interrupted, Left, Usage};
use crate::cli::output::notice_of;
use crate::cli::signals::Interrupts;
use crate::data::Dataset;
use crate::spec::vary::{Vary, VaryError};
use crate::sweep::{
    Halving, MemberEnd, MemberState, Scheduler, SchedulerOptions, Standing, Sweep, SweepError,
    SweepEvent, SweepPlan, check_memory, check_shapes_of,
};
use crate::text::quoted;
use color_eyre::eyre::{Report, Result, eyre};
use std::sync::Arc;

/// Trains the members, or prints the table.
pub fn run(args: &Args) -> Result<()> {
    let mut report: Box<dyn SweepReport> = if args.members.json {
        Box::new(JsonReport::default())
    } else {
        Box::new(TextReport::default())
    };
    match &args.table {
        Some(folder) => {
            let sweep = Sweep::read(folder)?;
            report.end(&sweep, &sweep.standings(), notice_of(&sweep.plan.data.name))
        }
        None => train(args, &mut *report),
    }
}

fn train(args: &Args, report: &mut dyn SweepReport) -> Result<()> {
    let spec = args.members.spec(&args.spec)?;
    let vary: Result<Vec<Vary>, _> = args.vary.iter().map(|text| Vary::parse(text)).collect();
    let vary = vary.map_err(|error| Usage(format!("--vary {error}")))?;
    if vary.is_empty() && args.seeds == 1 {
        let text = "there is nothing to compare: give --vary KEY=V1,V2 or --seeds K";
        return Err(Usage(text.into()).into());
    }
    if args.prune.is_some() && args.members.shard != Shard::WHOLE {
        let text = "--prune compares all members at every rung, so one process trains them all: leave out \
                    --shard, or --prune; --jobs N trains several at a time";
        return Err(Usage(text.into()).into());
    }
    let (spec, dataset, data) = args.members.load(&args.spec, spec)?;
    let prune = args.prune.map(|factor| Halving {
        factor: usize::from(factor),
    });
    let plan = SweepPlan::new(spec.into_spec(), vary, usize::from(args.seeds), data)
        .with_trials(args.trials.map(usize::from))
        .pruned(prune);
    let folder = args.members.folder(&plan);
    let sweep = Sweep::new(plan, folder).map_err(|error| match error {
        SweepError::Vary(
            error @ (VaryError::NothingToDraw { .. } | VaryError::TooFewCombinations { .. }),
        ) => Report::from(Usage(error.to_string())),
        SweepError::Vary(error) => Report::from(Usage(format!("--vary {error}"))),
        error @ SweepError::Prune { .. } => Report::from(Usage(error.to_string())),
        error => error.into(),
    })?;
    let (shard, options) = (args.members.shard, args.members.options());
    train_members(&sweep, shard, dataset, options, report)
}

/// Trains the members of a shard in the sweep's folder, which is made where it is not there, and shows how it
/// goes.
///
/// # Errors
/// What does not fit the data or the machine, a folder with something else in it, members that diverged or
/// failed, and what stopped it.
pub fn train_members(
    sweep: &Sweep,
    shard: Shard,
    dataset: Dataset,
    options: SchedulerOptions,
    report: &mut dyn SweepReport,
) -> Result<()> {
    check_shapes_of(&sweep.members, &dataset).map_err(|reason| eyre!(reason))?;
    let mine = sweep.training_order(shard.of(sweep.members.len()));
    let standings: Vec<Standing> = mine
        .iter()
        .map(|index| sweep.members[*index].standing())
        .collect();
    let is_left = |standing: &Standing| {
        !matches!(
            standing.state,
            MemberState::Done
                | MemberState::Pruned(_)
                | MemberState::Diverged(_)
                | MemberState::UnderWay
        )
    };
    let left = mine.iter().zip(&standings);
    let left: Vec<_> = left
        .filter(|(_, standing)| is_left(standing))
        .map(|(index, _)| &sweep.members[*index])
        .collect();
    check_memory(&left, options.jobs, &dataset).map_err(|reason| eyre!(reason))?;
    sweep.claim()?;
    let dataset = Arc::new(dataset);
    let begin = Begin {
        sweep,
        dataset: &dataset,
        shard,
        mine: &mine,
        standings: &standings,
        options,
    };
    report.begin(&begin).map_err(|error| unreadable(&error))?;
    work(sweep, &mine, dataset, options, report)
}

fn work(
    sweep: &Sweep,
    mine: &[usize],
    dataset: Arc<Dataset>,
    options: SchedulerOptions,
    report: &mut dyn SweepReport,
) -> Result<()> {
    let notice = dataset.notice();
    let scheduler = Scheduler::new(sweep, mine, Arc::clone(&dataset), options);
    let stopper = scheduler.stopper();
    let interrupts = Interrupts::watch(move || stopper.stop())?;
    let mut shown = Ok(());
    // Failures that only this process knows: the members may have no folder.
    let mut failures: Vec<(usize, MemberState)> = Vec::new();
    let mut ended = 0;
    scheduler.run(&mut |event| {
        if let SweepEvent::Ended(index, end) = &event {
            ended += usize::from(!matches!(end, MemberEnd::Stopped(_)));
            failures.extend(failure(end).map(|state| (*index, state)));
        }
        if shown.is_ok() {
            shown = report.show(sweep, &event);
        }
        // If the reader of the output is gone, the members under way are saved and the sweep ends.
        shown.is_ok()
    });
    if let Err(error) = shown {
        return Err(match ended < mine.len() {
            true => unreadable(&error),
            false => all_done(&error, sweep),
        });
    }
    let mut standings = sweep.standings();
    for (index, state) in &failures {
        standings[*index].state = state.clone();
    }
    let shown = report.end(sweep, &standings, notice);
    if let (Some(signal), true) = (interrupts.first(), ended < mine.len()) {
        let (cause, left) = (Cause::Signal(signal), Left::GoesOn(same_command()));
        return Err(Interrupted { cause, left }.into());
    }
    shown.map_err(|error| all_done(&error, sweep))?;
    if failures.is_empty() {
        Ok(())
    } else {
        Err(eyre!(
            "{} of {} members diverged or failed: see above",
            failures.len(),
            mine.len()
        ))
    }
}

/// That the sweep was ended because its output cannot be written.
fn unreadable(error: &Report) -> Report {
    let (cause, left) = (Cause::of_output(error), Left::GoesOn(same_command()));
    Interrupted { cause, left }.into()
}

/// That all members are trained but could not be shown.
fn all_done(error: &Report, sweep: &Sweep) -> Report {
    let (cause, left) = (Cause::of_output(error), Left::All(sweep.folder.clone()));
    Interrupted { cause, left }.into()
}

/// The state of a member that ended badly.
fn failure(end: &MemberEnd) -> Option<MemberState> {
    match end {
        MemberEnd::Diverged(message) => Some(MemberState::Diverged(message.clone())),
        MemberEnd::Failed(message) => Some(MemberState::Failed(message.clone())),
        MemberEnd::Before(standing) => match &standing.state {
            state @ MemberState::Diverged(_) => Some(state.clone()),
            _ => None,
        },
        MemberEnd::Done(_)
        | MemberEnd::Pruned(_)
        | MemberEnd::Elsewhere
        | MemberEnd::Stopped(_) => None,
    }
}

/// The command line of this process, quoted for a shell: run again, it continues the sweep.
fn same_command() -> String {
    let arguments = std::env::args_os().skip(1);
    let words: Vec<String> = arguments
        .map(|argument| quoted(&argument.to_string_lossy()))
        .collect();
    format!("fmnist-tui {}", words.join(" "))
}
