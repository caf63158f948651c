//! What `sweep` and `ablate` share: on what their networks are trained, how many at a time, and where.

use super::shard::Shard;
use crate::cli::args::{DataArgs, LimitArgs, Overrides, SpecArgs, ThreadArgs};
use crate::data::Dataset;
use crate::runs::runs_folder;
use crate::spec::CheckedSpec;
use crate::sweep::{SchedulerOptions, SweepPlan};
use crate::train::{DataIdentity, available_threads, identity_for};
use color_eyre::eyre::Result;
use std::path::PathBuf;

/// Options of a command that trains many networks.
#[derive(Clone, Debug, clap::Args)]
pub struct MemberArgs {
    /// Train N networks at a time, each on its share of the threads; the results are the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// Train only every Nth network, beginning with the Ith
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, default_value = "1/1")]
    pub shard: Shard,
    /// Folder of all runs [default: one in runs/, named by what is trained: the same for the same command]
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
    pub json: bool,
}

impl MemberArgs {
    /// The spec that all networks begin from, changed as the options say.
    ///
    /// # Errors
    /// If it cannot be read, or a change does not fit it.
    pub fn spec(&self, of: &SpecArgs) -> Result<CheckedSpec> {
        self.overrides.apply(of.read()?)
    }

    /// The spec as it fits the images, the images, and what tells those that are trained on from others.
    ///
    /// # Errors
    /// If they, or the list of images to leave out, cannot be read, or the spec does not fit them.
    pub fn load(
        &self,
        of: &SpecArgs,
        spec: CheckedSpec,
    ) -> Result<(CheckedSpec, Dataset, DataIdentity)> {
        let dataset = self.limit.load(&self.data, &spec.dataset)?;
        let spec = of.adapted(spec, &dataset)?;
        let identity = identity_for(&spec, &dataset)?;
        Ok((spec, dataset, identity))
    }

    /// Where the runs of `plan` are.
    pub fn folder(&self, plan: &SweepPlan) -> PathBuf {
        match &self.out {
            Some(folder) => folder.clone(),
            None => runs_folder().join(plan.folder_name()),
        }
    }

    /// How the threads are shared out.
    pub fn options(&self) -> SchedulerOptions {
        let jobs = usize::from(self.jobs);
        let threads = self.threads.get().unwrap_or_else(available_threads);
        SchedulerOptions {
            jobs,
            threads: (threads / jobs).max(1),
        }
    }
}
