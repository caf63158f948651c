//! Sweeps: the members of a grid of specs, each with a run folder of its own in one folder for all.
//!
//! `sweep.json` says what the sweep is; everything else about it is in the run folders. So a sweep can
//! be resumed at any time, and by several machines at once: the process that holds the lock of a
//! member's folder trains it.

mod error;
mod folder;
mod halving;
mod ladder;
mod member;
mod plan;
mod preflight;
mod ranking;
mod scheduler;
#[cfg(test)]
mod tests;

pub use error::SweepError;
pub use folder::{SWEEP_FILE, Sweep, is_sweep};
pub use halving::{Halving, Rung};
pub use member::{MemberState, Standing, SweepMember};
pub use plan::SweepPlan;
pub use preflight::{check_memory, check_shapes_of};
pub use ranking::{Group, ranking};
pub use scheduler::{MemberEnd, Scheduler, SchedulerOptions, Stopper, SweepEvent};
