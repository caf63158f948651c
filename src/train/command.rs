//! What a person can tell a running training.

/// An order to the training loop, which looks for orders between batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Wait after the current batch until [`Command::Resume`], [`Command::Stop`] or another pause: who
    /// asks twice before the first has come about wants the run to go on.
    Pause,
    /// Go on after a pause.
    Resume,
    /// Train the current epoch to its end, evaluate and save it, then end the run.
    FinishEpoch,
    /// End the run after the current batch, and save it so that it can go on from there.
    Stop,
}
