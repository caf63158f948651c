//! Trains a network whole and without each part, or prints what is known.

use super::args::Args;
use super::chosen::chosen;
use super::list::print_list;
use super::report::{LadderJson, LadderText};
use crate::cli::errors::Usage;
use crate::cli::output::notice_of;
use crate::cli::sweep::{SweepReport, train_members};
use crate::spec::ablation::{Candidate, Part, candidates};
use crate::sweep::{Sweep, SweepError, SweepPlan};
use color_eyre::eyre::{Report, Result};
use std::path::Path;

/// Does what the options say.
pub fn run(args: &Args) -> Result<()> {
    if let Some(folder) = &args.table {
        return show(args, folder);
    }
    let members = &args.members;
    let spec = members.spec(&args.spec)?;
    let candidates = candidates(&spec);
    if args.list {
        return print_list(&spec, &candidates, members.json);
    }
    let chosen = chosen(&spec, &candidates, &args.layers, &args.settings)?;
    let parts: Vec<Part> = chosen
        .iter()
        .map(|candidate| candidate.part.clone())
        .collect();
    let (spec, dataset, data) = members.load(&args.spec, spec)?;
    let wrong = |error: SweepError| match error {
        SweepError::Vary(error) => Report::from(Usage(format!("the ablation: {error}"))),
        error => error.into(),
    };
    let plan = SweepPlan::ablation(spec.into_spec(), &parts, usize::from(args.seeds), data);
    let plan = plan.map_err(|error| wrong(error.into()))?;
    let folder = members.folder(&plan);
    let sweep = Sweep::new(plan, folder).map_err(wrong)?;
    let mut report = report(members.json, &candidates, &chosen);
    train_members(
        &sweep,
        members.shard,
        dataset,
        members.options(),
        &mut *report,
    )
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
    let mut report = report(args.members.json, &[], &[]);
    report.end(&sweep, &sweep.standings(), notice_of(&sweep.plan.data.name))
}
