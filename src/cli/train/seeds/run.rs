//! Trains a spec from several seeds, one after the other.

use super::boards::WithBoards;
use super::text::SeedsText;
use crate::cli::errors::Usage;
use crate::cli::sweep::{JsonReport, Shard, SweepReport, train_members};
use crate::cli::train::args::Args;
use crate::runs::runs_folder;
use crate::sweep::{SchedulerOptions, Sweep, SweepError, SweepPlan};
use crate::train::{available_threads, identity_for};
use color_eyre::eyre::{Report, Result};

/// Trains the spec from as many seeds as the options say.
pub fn run(args: &Args) -> Result<()> {
    let spec = args.overrides.apply(args.spec.read()?)?;
    let dataset = args.limit.load(&args.data, &spec.dataset)?;
    let spec = args.spec.adapted(spec, &dataset)?;
    let seeds = usize::from(args.seeds);
    let data = identity_for(&spec, &dataset)?;
    let plan = SweepPlan::new(spec.into_spec(), Vec::new(), seeds, data);
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None => runs_folder().join(plan.folder_name()),
    };
    let sweep = Sweep::new(plan, folder).map_err(|error| match error {
        SweepError::Vary(error) => Report::from(Usage(format!("--seeds: {error}"))),
        error => error.into(),
    })?;
    let mut report: Box<dyn SweepReport> = match args.json {
        true => Box::new(JsonReport::with_epochs()),
        false => Box::new(SeedsText::default()),
    };
    if let Some(folder) = &args.tensorboard {
        report = Box::new(WithBoards::new(report, folder.clone()));
    }
    let options = SchedulerOptions {
        jobs: 1,
        threads: args.threads.get().unwrap_or_else(available_threads),
    };
    train_members(&sweep, Shard::WHOLE, dataset, options, &mut *report)
}
