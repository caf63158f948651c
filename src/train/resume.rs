//! Resuming from a checkpoint.

use super::epoch_loop::{EpochLoop, info};
use super::{Checkpoint, DataIdentity, TrainError, Validated, best_epoch, evaluate};
use crate::nn::{Model, WeightAverage};
use std::path::Path;
use std::sync::Arc;

impl EpochLoop<'_> {
    /// Continues the run of `checkpoint`; `folder` is where it was read, for errors.
    ///
    /// # Errors
    /// When the data is not the run's, or the tensors are not the network's.
    pub fn resume(&mut self, checkpoint: Checkpoint, folder: &Path) -> Result<(), TrainError> {
        let unusable = |reason: String| TrainError::NothingToResume {
            path: folder.to_owned(),
            reason: format!("its checkpoint cannot be used: {reason}"),
        };
        let data = DataIdentity::of(self.dataset);
        if checkpoint.progress.data != data {
            return Err(TrainError::DataChanged {
                expected: checkpoint.progress.data.description(),
                found: data.description(),
            });
        }
        self.spec = checkpoint
            .spec_in_force()
            .map_err(|error| unusable(error.to_string()))?;
        let step = checkpoint.step();
        let steering = checkpoint.progress.steering.iter();
        self.steered = steering.filter(|steered| steered.step <= step).count();
        if self.steered > 0 {
            self.state.change(&self.spec)?;
        }
        if !checkpoint.model.is_empty() {
            let network = self.state.model.network_mut();
            if self.state.average.is_some() {
                // Loaded into the network first, which checks the tensors and sorts them.
                network.load_state(&checkpoint.average).map_err(unusable)?;
                self.state.average = Some(WeightAverage::new(self.spec.ema_decay, network));
            }
            network.load_state(&checkpoint.model).map_err(unusable)?;
        }
        if !checkpoint.progress.is_start() {
            let network = self.state.model.network();
            let mut optimizer = checkpoint.optimizer.clone();
            // A change that is due before the next step is in the spec, but not in this yet.
            self.state.optimizer.adapt(network, &mut optimizer);
            self.state
                .optimizer
                .restore(network, &optimizer)
                .map_err(|error| unusable(error.to_string()))?;
        }
        if let (Some(state), Some(metrics)) =
            (checkpoint.best(), best_epoch(&checkpoint.progress.epochs))
        {
            let mut model = Model::new(&self.spec)?;
            model.network_mut().load_state(state).map_err(unusable)?;
            let normalization = self.dataset.normalization_for(self.spec.normalization);
            self.best = Some(Arc::new(Validated {
                evaluation: evaluate(&model, &self.dataset.validation, normalization)?,
                snapshot: model.snapshot(info(&self.spec, self.dataset, metrics)),
                images: Arc::clone(&self.dataset.validation),
            }));
        }
        self.progress = checkpoint.progress;
        self.is_resumed = true;
        Ok(())
    }
}
