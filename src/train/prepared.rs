//! Batches that are prepared while the step before computes.

use crate::data::{Dataset, TrainingBatch};
use crate::nn::profile::{Recorder, Section};
use crate::spec::Spec;

/// A batch of a run.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Its images, in the training split.
    pub indices: &'a [u32],
    /// Its epoch, from 1.
    pub epoch: usize,
    /// Its optimiser step, from 0 over the whole run.
    pub step: u64,
}

/// A batch's place in the run, and its images as the network is given them.
///
/// What is prepared follows from the place alone, so a batch that was prepared and not trained on, because
/// the run was stopped or paused, is prepared again with the same bits.
#[derive(Debug, Default)]
pub struct PreparedBatch {
    /// The images that [`images`](Self::images) holds; empty where it holds none.
    indices: Vec<u32>,
    epoch: usize,
    step: u64,
    images: TrainingBatch,
}

impl PreparedBatch {
    /// The images of `batch`, prepared now unless they are already.
    pub fn get(
        &mut self,
        spec: &Spec,
        dataset: &Dataset,
        batch: Batch<'_>,
        recorder: &Recorder,
    ) -> &TrainingBatch {
        if !self.is_of(batch) {
            recorder.shared(|| self.prepare(spec, dataset, batch, recorder));
        }
        &self.images
    }

    /// Prepares the images of `batch` on the current thread pool.
    pub fn prepare(
        &mut self,
        spec: &Spec,
        dataset: &Dataset,
        batch: Batch<'_>,
        recorder: &Recorder,
    ) {
        let Batch {
            indices,
            epoch,
            step,
        } = batch;
        self.indices.clear();
        self.images
            .load_timed(dataset, indices, spec, (epoch, step), &|work| {
                recorder.beside(Section::Data, work);
            });
        self.indices.extend(indices);
        (self.epoch, self.step) = (epoch, step);
    }

    fn is_of(&self, batch: Batch<'_>) -> bool {
        let place = (&*self.indices, self.epoch, self.step);
        place == (batch.indices, batch.epoch, batch.step)
    }
}
