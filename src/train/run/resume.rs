//! Going on from a checkpoint.

use super::keeper::Keeper;
use super::trainer::{Trainer, info};
use crate::nn::{Model, WeightAverage};
use crate::runs::folder::RunFolder;
use crate::train::{Checkpoint, DataIdentity, Event, TrainError, Validated, best_epoch, evaluate};
use std::sync::Arc;

impl Trainer<'_> {
    /// Takes over where the run in `folder` was.
    ///
    /// # Errors
    /// When the data is not the run's, or the tensors are not the network's.
    pub fn go_on_from(
        &mut self,
        checkpoint: Checkpoint,
        folder: RunFolder,
    ) -> Result<(), TrainError> {
        let unusable = |reason: String| TrainError::NothingToResume {
            path: folder.path().to_owned(),
            reason: format!("its checkpoint cannot be used: {reason}"),
        };
        let data = DataIdentity::of(self.dataset);
        if checkpoint.progress.data != data {
            return Err(TrainError::DataChanged {
                expected: checkpoint.progress.data.description(),
                found: data.description(),
            });
        }
        if !checkpoint.progress.is_start() {
            let network = self.learner.model.network_mut();
            if self.learner.average.is_some() {
                // Through the network, which checks the tensors and puts them in its order.
                network.load_state(&checkpoint.average).map_err(unusable)?;
                self.learner.average = Some(WeightAverage::new(self.spec.ema_decay, network));
            }
            network.load_state(&checkpoint.model).map_err(unusable)?;
            self.learner
                .optimizer
                .restore(network, &checkpoint.optimizer)
                .map_err(|error| unusable(error.to_string()))?;
        }
        if let (Some(state), Some(metrics)) =
            (checkpoint.best(), best_epoch(&checkpoint.progress.epochs))
        {
            let mut model = Model::new(self.spec)?;
            model.network_mut().load_state(state).map_err(unusable)?;
            let normalization = self.dataset.normalization;
            self.best = Some(Arc::new(Validated {
                evaluation: evaluate(&model, &self.dataset.validation, normalization)?,
                snapshot: model.snapshot(info(self.spec, self.dataset, metrics)),
                images: Arc::clone(&self.dataset.validation),
            }));
        }
        self.progress = checkpoint.progress;
        self.keeper = Keeper::open(folder);
        Ok(())
    }

    /// Writes what the process that was interrupted could not write any more, and shows the best
    /// model so far.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn repair_folder(&mut self, sink: &mut dyn FnMut(Event)) -> Result<(), TrainError> {
        let last = self.progress.epochs.last();
        let model = match last.filter(|_| self.progress.current.batches == 0) {
            Some(last) => {
                let info = info(self.spec, self.dataset, last);
                Some(self.learner.validated()?.snapshot(info))
            }
            None => None,
        };
        self.save(model.as_ref(), sink)?;
        if let Some(best) = &self.best {
            sink(Event::Validated(Arc::clone(best)));
        }
        Ok(())
    }
}
