//! What saves a run: the epoch loop says when, an implementation says where and how.

use super::{Checkpoint, EpochLayers, Evaluation, Event, TestScores};
use crate::nn::Snapshot;
use std::path::Path;

/// Everything of a run that is saved.
#[derive(Clone, Copy, Debug)]
pub struct RunFiles<'a> {
    /// How far the run is, with its spec and its metrics.
    pub checkpoint: &'a Checkpoint,
    /// The model after the last complete epoch, if nothing was trained since.
    pub model: Option<&'a Snapshot>,
    /// What the validation images were taken for after the last complete epoch, where it has just ended.
    pub evaluation: Option<&'a Evaluation>,
    /// The model after the best epoch, if one is complete.
    pub best: Option<&'a Snapshot>,
    /// What the test images gave, once the run is complete, if others validated.
    pub test: Option<&'a TestScores>,
    /// What is inside the layers after the last complete epoch, if that was looked at.
    pub layers: Option<&'a EpochLayers>,
}

/// Saves a run. A failure to save never ends the run: it is reported as [`Event::NotSaving`].
pub trait SaveRun {
    /// The run's folder, once there is one.
    fn folder(&self) -> Option<&Path>;

    /// Whether the run is to be saved at all.
    fn is_wanted(&self) -> bool;

    /// Whether it is time to save in the middle of an epoch.
    fn is_due(&self) -> bool;

    /// Why the last attempt to save failed, if it did.
    fn failure(&self) -> Option<&str>;

    /// Saves the run. Tells `sink` when saving begins to fail, fails for another reason, or works
    /// again.
    fn save(&mut self, files: RunFiles<'_>, sink: &mut dyn FnMut(Event));
}
