//! State of what is muted: kernels, maps and units, and what the network loses without them.

use super::asked::Asked;
use crate::insight::{Muting, Unit, silent};
use crate::spec::CheckedSpec;
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use std::sync::Arc;

/// The units that are muted.
#[derive(Debug, Default)]
pub struct Muted {
    units: Vec<Unit>,
    asked: Asked<Vec<Unit>>,
    found: Option<Arc<Muting>>,
}

impl Muted {
    /// The units.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Mutes a channel of a layer of `spec`, or what mutes it already no longer.
    pub fn toggle(&mut self, spec: &CheckedSpec, unit: Unit) {
        let silences = |other: &Unit| {
            let channels = silent(spec, &[*other]);
            let channels = channels.get(unit.layer);
            channels.is_some_and(|channels| channels.contains(&unit.channel))
        };
        match self.units.iter().position(silences) {
            Some(position) => {
                self.units.remove(position);
            }
            None => {
                self.units.push(unit);
                self.units.sort_unstable();
            }
        }
    }

    /// Mutes nothing.
    pub fn clear(&mut self) {
        self.units.clear();
    }

    /// The channels of `layer` that are 0.
    pub fn channels(&self, spec: &CheckedSpec, layer: usize) -> Vec<usize> {
        let mut layers = silent(spec, &self.units);
        match layers.get_mut(layer) {
            Some(channels) => std::mem::take(channels),
            None => Vec::new(),
        }
    }

    /// What the network loses, once it is known.
    pub fn effect(&self) -> Option<&Muting> {
        self.found.as_deref().filter(|it| it.units == self.units)
    }

    /// Requests what the network loses, unless it is known or being computed.
    pub fn wanted(&mut self, model: Option<&Arc<Validated>>) -> Vec<Effect> {
        let (false, Some(model)) = (self.units.is_empty(), model) else {
            return Vec::new();
        };
        if !self.asked.ask(0, model, self.units.clone()) {
            return Vec::new();
        }
        self.found = None;
        let job = Job::Mute {
            model: Arc::clone(model),
            units: self.units.clone(),
        };
        vec![job.into()]
    }

    /// Takes what was requested.
    pub fn arrived(&mut self, effect: &Arc<Muting>) {
        self.found = self.asked.answered(0).map(|_| Arc::clone(effect));
    }

    /// The request failed; the same one is not repeated.
    pub fn failed(&mut self) {
        self.asked.failed();
    }
}
