//! `fmnist-tui sweep`.

mod json;
mod progress;
mod table;
mod text;

use super::args::{DataArgs, LimitArgs, Overrides, SpecArgs, ThreadArgs};
use super::errors::{Interrupted, Usage};
use super::output::notice_of;
use super::signals::Interrupts;
use crate::data::Dataset;
use crate::spec::vary::Vary;
use crate::sweep::{
    MemberEnd, MemberState, Scheduler, SchedulerOptions, Standing, Sweep, SweepError, SweepEvent,
    SweepPlan, check_memory, check_shapes_of,
};
use crate::text::quoted;
use crate::train::{DataIdentity, available_threads};
use color_eyre::eyre::{Report, Result, eyre};
use json::JsonReport;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use text::TextReport;

/// What stands below the options.
const AFTER_HELP: &str = "\
KEY is a field of the spec: learning_rate, batch_size, optimizer (Adam, Sgd ...), weight_decay or
optimizer.weight_decay, schedule, loss.label_smoothing, layers.1.out_channels with the layers counted
from 1. dropout stands for p of all Dropout layers, activation for the function of all Activation
layers.

The grid's order: the last --vary changes faster than the ones before it, the seed fastest of all. The
same command given again goes on: what is done is skipped, what was interrupted goes on where it was.

Shard I of N trains the members I, I+N, I+2N ... of the grid. All shards write into the same folder,
and each prints the table of all that is there when it ends:
  GNU parallel   parallel fmnist-tui sweep --preset tiny --vary learning_rate=0.001,0.01 \\
                   --seeds 3 --threads 1 --shard {}/4 ::: 1 2 3 4
  Slurm array    sbatch --array=1-4 --wrap 'fmnist-tui sweep --preset tiny \\
                   --vary learning_rate=0.001,0.01 --seeds 3 --shard $SLURM_ARRAY_TASK_ID/4'
  the table      fmnist-tui sweep --table runs/sweep-tiny-...";

/// Options of `sweep`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Print the table of the sweep in this folder and train nothing
    #[arg(long, value_name = "DIR", group = "SpecArgs", conflicts_with_all = [
        "vary", "seeds", "jobs", "shard", "out", "data", "epochs", "batch", "lr", "seed", "precision",
        "threads", "limit",
    ])]
    table: Option<PathBuf>,
    /// A field of the spec and the values it takes; may be given more than once
    #[arg(long, value_name = "KEY=V1,V2...")]
    vary: Vec<String>,
    /// Train every combination from K seeds: the spec's seed and those after it
    #[arg(long, value_name = "K", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=10_000))]
    seeds: u16,
    /// Train N members at a time, each on its share of the threads; the results are the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// Train only every Nth member, beginning with the Ith
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, default_value = "1/1")]
    shard: Shard,
    /// Folder of the sweep [default: runs/sweep-NAME-CHECKSUM, the same for the same command]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    limit: LimitArgs,
    /// Print one JSON object a line instead of text
    #[arg(long)]
    json: bool,
}

/// A part of the members: those at `index`, `index + count`, `index + 2 count` … of the grid, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(index, count)| {
            Some((index.parse::<usize>().ok()?, count.parse::<usize>().ok()?))
        });
        match numbers {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self {
                index: index - 1,
                count,
            }),
            _ => Err("write it as I/N with I from 1 to N, e.g. 2/4".into()),
        }
    }

    /// The members of this part among `members`.
    fn of(self, members: usize) -> Vec<usize> {
        (self.index..members).step_by(self.count).collect()
    }
}

/// Shows what happens in a sweep; an error ends it.
trait SweepReport {
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()>;
    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()>;
    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()>;
}

/// What is known before the first member.
struct Begin<'a> {
    sweep: &'a Sweep,
    dataset: &'a Dataset,
    shard: Shard,
    /// The members of the shard.
    mine: &'a [usize],
    /// How those stand.
    standings: &'a [Standing],
    options: SchedulerOptions,
}

/// Trains the members, or prints the table.
pub fn run(args: &Args) -> Result<()> {
    let mut report: Box<dyn SweepReport> = if args.json {
        Box::new(JsonReport)
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
    let spec = args.overrides.apply(args.spec.read()?)?;
    let vary: Result<Vec<Vary>, _> = args.vary.iter().map(|text| Vary::parse(text)).collect();
    let vary = vary.map_err(|error| Usage(format!("--vary {error}")))?;
    if vary.is_empty() && args.seeds == 1 {
        let text = "there is nothing to compare: give --vary KEY=V1,V2 or --seeds K";
        return Err(Usage(text.into()).into());
    }
    let dataset = args.limit.load(&args.data, &spec.dataset)?;
    let seeds = usize::from(args.seeds);
    let plan = SweepPlan::new(spec.into_spec(), vary, seeds, DataIdentity::of(&dataset));
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None => Path::new("runs").join(plan.folder_name()),
    };
    let sweep = Sweep::new(plan, folder).map_err(|error| match error {
        SweepError::Vary(error) => Report::from(Usage(format!("--vary {error}"))),
        error => error.into(),
    })?;
    check_shapes_of(&sweep.members, &dataset).map_err(|reason| eyre!(reason))?;
    let mine = args.shard.of(sweep.members.len());
    let jobs = usize::from(args.jobs);
    let threads = args.threads.get().unwrap_or_else(available_threads);
    let options = SchedulerOptions {
        jobs,
        threads: (threads / jobs).max(1),
    };
    let standings: Vec<Standing> = mine
        .iter()
        .map(|index| sweep.members[*index].standing())
        .collect();
    let is_left = |standing: &Standing| {
        !matches!(
            standing.state,
            MemberState::Done | MemberState::Diverged(_) | MemberState::UnderWay
        )
    };
    let left = mine.iter().zip(&standings);
    let left: Vec<_> = left
        .filter(|(_, standing)| is_left(standing))
        .map(|(index, _)| &sweep.members[*index])
        .collect();
    check_memory(&left, jobs, &dataset).map_err(|reason| eyre!(reason))?;
    sweep.claim()?;
    let dataset = Arc::new(dataset);
    report.begin(&Begin {
        sweep: &sweep,
        dataset: &dataset,
        shard: args.shard,
        mine: &mine,
        standings: &standings,
        options,
    })?;
    work(&sweep, &mine, dataset, options, report)
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
    // What this process knows better than the folders: some members have none.
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
        // Nobody reads the output any more: the members under way are saved, and that is it.
        shown.is_ok()
    });
    shown?;
    let mut standings = sweep.standings();
    for (index, state) in &failures {
        standings[*index].state = state.clone();
    }
    report.end(sweep, &standings, notice)?;
    if let (Some(signal), true) = (interrupts.first(), ended < mine.len()) {
        let command = Some(same_command());
        return Err(Interrupted { signal, command }.into());
    }
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

/// The state of a member that ended badly.
fn failure(end: &MemberEnd) -> Option<MemberState> {
    match end {
        MemberEnd::Diverged(message) => Some(MemberState::Diverged(message.clone())),
        MemberEnd::Failed(message) => Some(MemberState::Failed(message.clone())),
        MemberEnd::Before(standing) => match &standing.state {
            state @ MemberState::Diverged(_) => Some(state.clone()),
            _ => None,
        },
        MemberEnd::Done(_) | MemberEnd::Elsewhere | MemberEnd::Stopped(_) => None,
    }
}

/// The command of this process, ready to be pasted into a shell: given again, it goes on.
fn same_command() -> String {
    let arguments = std::env::args_os().skip(1);
    let words: Vec<String> = arguments
        .map(|argument| quoted(&argument.to_string_lossy()))
        .collect();
    format!("fmnist-tui {}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shards_have_every_member_once() {
        for count in 1..=7 {
            let mut all: Vec<usize> = (1..=count)
                .flat_map(|index| Shard::parse(&format!("{index}/{count}")).unwrap().of(5))
                .collect();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2, 3, 4]);
        }
        assert_eq!(Shard::parse("2/3").unwrap().of(8), [1, 4, 7]);
        for text in ["", "1", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
