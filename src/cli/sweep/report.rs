//! What shows a sweep's events.

use super::shard::Shard;
use crate::data::Dataset;
use crate::sweep::{SchedulerOptions, Standing, Sweep, SweepEvent};
use color_eyre::eyre::Result;

/// Shows the events of a sweep; an error ends it.
pub trait SweepReport {
    /// Shows what is known before the first member.
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()>;
    /// Shows one event.
    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()>;
    /// Shows a message that is not a result, on stderr.
    fn warn(&self, text: &str);
    /// Shows the table.
    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()>;
}

/// What is known before the first member.
pub struct Begin<'a> {
    pub sweep: &'a Sweep,
    pub dataset: &'a Dataset,
    pub shard: Shard,
    /// The members of the shard.
    pub mine: &'a [usize],
    /// The states of these members.
    pub standings: &'a [Standing],
    pub options: SchedulerOptions,
}
