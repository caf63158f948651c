//! Commands to a running training.

use crate::spec::vary::Settings;

/// A command to the epoch loop, which obeys between batches.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Wait after the current batch until [`Command::Resume`], [`Command::Stop`] or another `Pause`: a
    /// second one, sent before the first took effect, takes it back.
    Pause,
    /// Go on after a pause.
    Resume,
    /// Train the current epoch to its end, evaluate and save it, then end the run.
    FinishEpoch,
    /// The same for the epoch of this number, once it is reached.
    FinishAfter(usize),
    /// Record where the time of the steps goes and report it about once a second, or no longer.
    RecordProfile(bool),
    /// Give these settings of the spec new values before the next step, as [`steer`](super::steer) allows.
    Steer(Settings),
    /// End the run after the current batch, and save it so that it can go on from there.
    Stop,
}
