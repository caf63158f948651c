//! What an optimiser step changes: the model, its optimiser and the average of its weights.

use super::TrainError;
use super::precision::{engine, used_precision};
use super::prepared::{Batch, PreparedBatch};
use crate::data::Dataset;
use crate::nn::profile::Section;
use crate::nn::{Model, Optimizer, StepOutcome, Targets, WeightAverage};
use crate::simd::bf16::Unit;
use crate::spec::{CheckedSpec, Precision, Spec};
use std::sync::Arc;

/// The state of a training, and the step that changes it.
pub struct TrainState {
    pub model: Model,
    pub optimizer: Optimizer,
    /// The average of the model's weights, where the spec asks for one.
    pub average: Option<WeightAverage>,
    /// The model that is validated and saved, where that is not `model` itself: it holds the average,
    /// and it computes in f32, as a loaded model does.
    validated: Option<Model>,
    /// The batch of the step, and the one that is prepared meanwhile.
    batches: [PreparedBatch; 2],
    /// The precision that is really used.
    pub precision: Precision,
    /// Why that is not the spec's, if it is not.
    pub notice: Option<&'static str>,
}

impl TrainState {
    /// The state before the first step.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn new(spec: &CheckedSpec) -> Result<Self, TrainError> {
        let unit = Unit::detect();
        let (precision, notice) = used_precision(spec.precision, unit);
        let model = Model::with_engine(spec, engine(precision, unit))?;
        let averages = spec.ema_decay > 0.0;
        let is_apart = averages || precision == Precision::Bf16;
        Ok(Self {
            average: averages.then(|| WeightAverage::new(spec.ema_decay, model.network())),
            validated: is_apart.then(|| Model::new(spec)).transpose()?,
            optimizer: Optimizer::new(spec.optimizer),
            batches: Default::default(),
            model,
            precision,
            notice,
        })
    }

    /// Trains on `batch` of the data's training split, and prepares `next` beside it, if a step will
    /// follow on that.
    ///
    /// # Errors
    /// A failure of the arithmetic.
    pub fn step(
        &mut self,
        spec: &Spec,
        dataset: &Dataset,
        batch: Batch<'_>,
        next: Option<Batch<'_>>,
        learning_rate: f64,
    ) -> Result<StepOutcome, TrainError> {
        let recorder = Arc::clone(self.model.network().recorder());
        recorder.begin_step(Section::Data);
        let [current, other] = &mut self.batches;
        let images = current.get(spec, dataset, batch, &recorder);
        recorder.enter(Section::Rest);
        let mixture = images.mixture.as_ref();
        let targets = Targets {
            labels: &images.labels,
            mixed: mixture.map(|mixture| (images.partner_labels.as_slice(), mixture.share)),
        };
        let (model, optimizer, average) = (&mut self.model, &mut self.optimizer, &mut self.average);
        let mut compute = || {
            let (pixels, step) = (&images.pixels, batch.step);
            let outcome = model.train_step(pixels, targets, optimizer, learning_rate, step)?;
            if let Some(average) = average {
                recorder.enter(Section::Average);
                average.update(model.network(), step);
            }
            Ok(outcome)
        };
        let outcome = match next {
            Some(next) => {
                let prepare = || other.prepare(spec, dataset, next, &recorder);
                recorder.join(Section::Data, compute, prepare)
            }
            None => compute(),
        };
        recorder.end_step(batch.indices.len());
        if next.is_some() {
            self.batches.swap(0, 1);
        }
        outcome
    }

    /// The model to validate and to save, as it is now.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn validated(&mut self) -> Result<&Model, TrainError> {
        let Some(copy) = &mut self.validated else {
            return Ok(&self.model);
        };
        match &self.average {
            Some(average) => copy.load_state(average.state())?,
            None => copy.load_state(&self.model.network().state())?,
        }
        Ok(copy)
    }
}
