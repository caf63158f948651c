//! Carries out the changes of a run under way.

use super::control::Control;
use super::epoch_loop::EpochLoop;
use super::{Event, Steered, TrainError, lengthened_words, steer};
use crate::spec::vary::Settings;

impl EpochLoop<'_> {
    /// Makes the changes that are due before the next step.
    ///
    /// # Errors
    /// A change that cannot be, which [`plan`](Self::plan) has excluded, or a failure of the arithmetic.
    pub(super) fn steer_as_planned(
        &mut self,
        sink: &mut dyn FnMut(Event),
    ) -> Result<(), TrainError> {
        let step = self.progress.step(self.data.batches);
        while let Some(steered) = self.progress.steering.get(self.steered)
            && steered.step <= step
        {
            let steered = steered.clone();
            self.spec = steer(&self.spec, &steered.set)?;
            self.steered += 1;
            self.state.change(&self.spec)?;
            sink(Event::Steered(steered));
        }
        Ok(())
    }

    /// Notes the settings that are to change before the next step, those of `control`, or says why not.
    /// Returns whether any is to change.
    pub(super) fn note_steering(
        &mut self,
        control: &mut Control<'_>,
        sink: &mut dyn FnMut(Event),
    ) -> bool {
        let mut any = false;
        for set in control.steering.drain(..) {
            match self.change(set) {
                Ok(()) => any = true,
                Err(error) => sink(Event::NotSteered(error.to_string())),
            }
        }
        any
    }

    /// Lets settings change before the next step.
    ///
    /// # Errors
    /// Settings that cannot change; nothing changes then.
    pub fn change(&mut self, set: Settings) -> Result<(), TrainError> {
        let due = &self.progress.steering[self.steered..];
        let step = self.progress.step(self.data.batches);
        let waiting = due
            .iter()
            .take_while(|steered| steered.step <= step)
            .count();
        let mut spec = self.spec.clone();
        for steered in &due[..waiting] {
            spec = steer(&spec, &steered.set)?;
        }
        steer(&spec, &set)?;
        let epoch = self.progress.epochs.len() + 1;
        let steered = Steered { step, epoch, set };
        let at = self.steered + waiting;
        self.progress.steering.insert(at, steered);
        Ok(())
    }

    /// Lets a run that goes on have other settings, and some `more` epochs: after the last one it has, if it
    /// is complete, after the last one it is to have, if not. Returns what that does to the learning rate.
    ///
    /// # Errors
    /// Settings that cannot change.
    pub fn change_at_start(
        &mut self,
        set: &Settings,
        more: usize,
    ) -> Result<Option<String>, TrainError> {
        let mut set = set.clone();
        if more > 0 {
            let done = self.progress.epochs.len();
            let begun = if self.is_complete() {
                done
            } else {
                self.spec.epochs
            };
            set.set("epochs", begun.saturating_add(more) as u64);
        }
        if set.is_empty() {
            return Ok(None);
        }
        let new = steer(&self.spec, &set)?;
        let (epochs, steps) = (&self.progress.epochs, self.data.batches);
        let lengthened = new.epochs != self.spec.epochs;
        let words = lengthened.then(|| lengthened_words(&self.spec, &new, epochs, steps));
        self.change(set)?;
        // What the run starts with tells of it.
        self.steer_as_planned(&mut |_| {})?;
        Ok(words)
    }

    /// Plans the changes of another run for this one, which has not begun.
    ///
    /// # Errors
    /// The first change that cannot be.
    pub fn plan(&mut self, changes: &[Steered]) -> Result<(), TrainError> {
        let mut changes = changes.to_vec();
        changes.sort_by_key(|steered| steered.step);
        let mut spec = self.spec.clone();
        for steered in &mut changes {
            spec = steer(&spec, &steered.set)?;
            let epochs = steered.step / self.data.batches as u64;
            steered.epoch = usize::try_from(epochs)
                .unwrap_or(usize::MAX)
                .saturating_add(1);
        }
        self.progress.steering = changes;
        Ok(())
    }
}
