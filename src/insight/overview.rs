//! A sweep as it stands: what was tried, how it did, and what mattered.

use super::effects::Effects;
use crate::stats::{Accuracy, Spread};
use crate::sweep::{Group, Rung, Standing, Sweep, ranking};

/// A sweep as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// The settings that are varied.
    pub keys: Vec<String>,
    /// The combinations of values, the best first, each over its seeds.
    pub groups: Vec<Group>,
    /// What mattered.
    pub effects: Effects,
    /// Where members are compared and pruned, if they are.
    pub rungs: Vec<Rung>,
    /// Epochs of the longest run.
    pub epochs: usize,
    /// Seeds of each combination.
    pub seeds: usize,
    /// Validation images of a run.
    pub images: usize,
}

impl Overview {
    /// Of a sweep; `standings` are those of its members.
    pub fn of(sweep: &Sweep, standings: &[Standing]) -> Self {
        let epochs = sweep.members.iter().map(|member| member.spec.epochs);
        let keys = sweep.plan.vary.iter().map(|vary| vary.key.clone());
        Self {
            keys: keys.collect(),
            groups: ranking(sweep, standings),
            effects: Effects::of(sweep, standings),
            rungs: sweep.rungs(),
            epochs: epochs.max().unwrap_or(0),
            seeds: sweep.plan.seeds,
            images: sweep
                .members
                .first()
                .map_or(0, |member| sweep.plan.validation_images(&member.spec)),
        }
    }

    /// An accuracy over seeds with its deviation; of one seed with the error that the images leave.
    pub fn with_error(&self, accuracy: Spread) -> String {
        match accuracy.count {
            1 => Accuracy::of(accuracy.mean, self.images).to_string(),
            _ => accuracy.to_string(),
        }
    }
}
