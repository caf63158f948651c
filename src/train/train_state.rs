//! What an optimiser step changes: the model, its optimiser and the average of its weights.

use super::TrainError;
use super::precision::PrecisionChoice;
use super::prepared::{Batch, PreparedBatch};
use crate::data::Dataset;
use crate::nn::profile::Section;
use crate::nn::{Model, Optimizer, StepOutcome, Targets, WeightAverage};
use crate::parallel::awake;
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
    pub precision: PrecisionChoice,
}

impl TrainState {
    /// The state before the first step.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn new(spec: &CheckedSpec, precision: PrecisionChoice) -> Result<Self, TrainError> {
        let model = Model::with_engine(spec, precision.engine())?;
        let averages = spec.ema_decay > 0.0;
        let is_apart = averages || precision.used == Precision::Bf16;
        Ok(Self {
            average: averages.then(|| WeightAverage::new(spec.ema_decay, model.network())),
            validated: is_apart.then(|| Model::new(spec)).transpose()?,
            optimizer: Optimizer::new(spec.optimizer),
            batches: Default::default(),
            model,
            precision,
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
                recorder.metered(|| average.update(model.network(), step));
            }
            Ok(outcome)
        };
        let outcome = awake(|| match next {
            Some(next) => {
                let prepare = || other.prepare(spec, dataset, next, &recorder);
                recorder.join(Section::Data, compute, prepare)
            }
            None => compute(),
        });
        recorder.end_step(batch.indices.len());
        if next.is_some() {
            self.batches.swap(0, 1);
        }
        outcome
    }

    /// Goes on as `spec` says, whose tensors are those of the spec so far: nothing that was learnt is lost.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn change(&mut self, spec: &CheckedSpec) -> Result<(), TrainError> {
        let state = self.model.network().state();
        let mut optimizer = self.optimizer.state(self.model.network());
        let mut model = Model::with_engine(spec, self.precision.engine())?;
        model.load_state(&state)?;
        self.optimizer = Optimizer::new(spec.optimizer);
        self.optimizer.adapt(model.network(), &mut optimizer);
        self.optimizer.restore(model.network(), &optimizer)?;
        if let Some(average) = &mut self.average {
            average.set_decay(spec.ema_decay);
        }
        self.model = model;
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    /// The network after four steps; `next` says which step's batch is prepared beside each.
    fn trained(
        threads: usize,
        next: impl Fn(u64) -> Option<u64> + Sync,
    ) -> Vec<crate::nn::TensorState> {
        let mut spec = preset("tiny").unwrap().into_spec();
        spec.augmentation.shift = 2;
        spec.augmentation.mixup = 0.4;
        spec.ema_decay = 0.9;
        let (spec, dataset) = (spec.check().unwrap(), Dataset::sample().unwrap());
        let order = crate::data::shuffled_order(64, spec.seed, 1);
        let at = |step: u64| Batch {
            indices: &order[16 * step as usize..][..16],
            epoch: 1,
            step,
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let precision = PrecisionChoice::of(&spec, None).unwrap();
            let mut state = TrainState::new(&spec, precision).unwrap();
            for step in 0..4 {
                let next = next(step).map(at);
                state.step(&spec, &dataset, at(step), next, 0.01).unwrap();
            }
            state.validated().unwrap().network().state()
        })
    }

    #[test]
    fn preparing_batches_beside_steps_changes_no_bit() {
        let alone = trained(1, |_| None);
        let usual = |step: u64| (step < 3).then_some(step + 1);
        for threads in [1, 3] {
            assert!(trained(threads, usual) == alone, "{threads} threads");
        }
        // One was prepared, and then the run went on elsewhere.
        assert!(trained(2, |step| Some(3 - step)) == alone);
    }
}
