//! Trains a network whole and without each part, or prints what is known.

use super::args::Args;
use super::chosen::chosen;
use super::list::print_list;
use super::report::{LadderJson, LadderText};
use crate::cli::errors::Usage;
use crate::cli::output::notice_of;
use crate::cli::sweep::{SweepReport, train_members};
use crate::spec::ablation::{Candidate, Part, candidates};
use crate::sweep::{SchedulerOptions, Sweep, SweepError, SweepPlan};
use crate::train::{DataIdentity, available_threads};
use color_eyre::eyre::{Report, Result};
use std::path::Path;

/// Does what the options say.
pub fn run(args: &Args) -> Result<()> {
    if let Some(folder) = &args.table {
        return show(args, folder);
    }
    let spec = args.overrides.apply(args.spec.read()?)?;
    let candidates = candidates(&spec);
    if args.list {
        return print_list(&spec, &candidates, args.json);
    }
    let chosen = chosen(&spec, &candidates, &args.layers, &args.settings)?;
    let parts: Vec<Part> = chosen
        .iter()
        .map(|candidate| candidate.part.clone())
        .collect();
    let dataset = args.limit.load(&args.data, &spec.dataset)?;
    let spec = args.spec.adapted(spec, &dataset)?;
    let seeds = usize::from(args.seeds);
    let data = DataIdentity::of(&dataset);
    let wrong = |error: SweepError| match error {
        SweepError::Vary(error) => Report::from(Usage(format!("the ablation: {error}"))),
        error => error.into(),
    };
    let plan = SweepPlan::ablation(spec.into_spec(), &parts, seeds, data);
    let plan = plan.map_err(|error| wrong(error.into()))?;
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None => Path::new("runs").join(plan.folder_name()),
    };
    let sweep = Sweep::new(plan, folder).map_err(wrong)?;
    let jobs = usize::from(args.jobs);
    let threads = args.threads.get().unwrap_or_else(available_threads);
    let options = SchedulerOptions {
        jobs,
        threads: (threads / jobs).max(1),
    };
    let mut report = report(args.json, &candidates, &chosen);
    train_members(&sweep, args.shard, dataset, options, &mut *report)
}

fn report(json: bool, candidates: &[Candidate], chosen: &[&Candidate]) -> Box<dyn SweepReport> {
    match json {
        true => Box::new(LadderJson::default()),
        false => Box::new(LadderText::new(candidates, chosen)),
    }
}

/// Prints the ladder of a folder.
fn show(args: &Args, folder: &Path) -> Result<()> {
    let sweep = Sweep::read(folder)?;
    let mut report = report(args.json, &[], &[]);
    report.end(&sweep, &sweep.standings(), notice_of(&sweep.plan.data.name))
}
