//! A spec's network with its loss: training steps and scores.

use super::io::snapshot::{ModelInfo, Snapshot};
use super::layers::Pass;
use super::loss::{Targets, argmax, loss};
use super::network::Network;
use super::profile::Section;
use super::{NnError, Optimizer, TensorState};
use crate::optim::clip_norm;
use crate::simd::Engine;
use crate::spec::{CheckedSpec, Loss, Problem};
use dfdx::prelude::*;
use std::sync::Arc;

/// A network that learns to tell classes apart. It may move between threads.
pub struct Model {
    network: Network,
    loss: Loss,
    gradient_clip: f64,
    seed: u64,
}

/// What one optimiser step saw, before it changed the parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepOutcome {
    /// Mean loss of the batch, in nats.
    pub loss: f32,
    /// Images whose largest score was their label's; for mixtures, that of the larger part.
    pub correct: usize,
}

impl Model {
    /// The spec's network with fresh parameters, computing in f32.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn new(spec: &CheckedSpec) -> Result<Self, Problem> {
        Self::with_engine(spec, Engine::f32())
    }

    /// The same, its products by `engine`.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn with_engine(spec: &CheckedSpec, engine: Engine) -> Result<Self, Problem> {
        let network = Network::with_engine(
            &spec.layers,
            &spec.summary().layers,
            spec.frozen_layers,
            spec.initializer,
            spec.seed,
            false,
            engine,
        )
        .map_err(|error| Problem::field(&["layers"], error.to_string()))?;
        Ok(Self {
            network,
            loss: spec.loss,
            gradient_clip: spec.gradient_clip,
            seed: spec.seed,
        })
    }

    /// Takes over the parameters and statistics of a model of the same layers.
    ///
    /// # Errors
    /// When the layers differ.
    pub fn load_state(&mut self, state: &[TensorState]) -> Result<(), NnError> {
        self.network.load_state(state).map_err(NnError::Layers)
    }

    /// Scores per image.
    pub fn classes(&self) -> usize {
        self.network.output_len()
    }

    /// The layers and their tensors.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The layers and their tensors, to be changed.
    pub fn network_mut(&mut self) -> &mut Network {
        &mut self.network
    }

    /// A copy of the model as it is now, for saving or for looking at while training goes on.
    pub fn snapshot(&self, info: ModelInfo) -> Snapshot {
        Snapshot {
            info,
            state: self.network.state(),
        }
    }

    /// The output of every layer of the spec for one image `[channels, height, width]`, in
    /// evaluation mode, each `[channels, height, width]` or `[features]`.
    ///
    /// # Errors
    /// When the number of pixels does not fit or memory runs out.
    pub fn layer_outputs(&self, pixels: &[f32]) -> Result<Vec<Vec<f32>>, NnError> {
        self.network.layer_outputs(pixels)
    }

    /// Forward and backward pass of one batch and the optimiser's step.
    ///
    /// `pixels` are `[batch, channels, height, width]`, normalised; `step` counts optimiser steps
    /// from 0 over the whole run and, with the spec's seed, names dropout's random numbers.
    ///
    /// # Errors
    /// When the sizes do not fit or memory runs out.
    pub fn train_step<'a>(
        &mut self,
        pixels: &[f32],
        targets: impl Into<Targets<'a>>,
        optimizer: &mut Optimizer,
        learning_rate: f64,
        step: u64,
    ) -> Result<StepOutcome, NnError> {
        let outcome = self.backward(pixels, targets.into(), step)?;
        let recorder = Arc::clone(self.network.recorder());
        recorder.enter(Section::Optimizer);
        let frozen = self.network.frozen_parameters();
        let (parameters, gradients) = self.network.parameters_and_gradients();
        let mut gradients = gradients.lock();
        recorder.metered(|| {
            if self.gradient_clip > 0.0 {
                clip_norm(&mut gradients[frozen..], self.gradient_clip);
            }
            optimizer.step(parameters, &gradients, frozen, learning_rate);
        });
        recorder.enter(Section::Rest);
        Ok(outcome)
    }

    /// Forward and backward pass of one batch, as [`train_step`](Self::train_step) does them, which leave the
    /// gradients of the parameters.
    fn backward(
        &self,
        pixels: &[f32],
        targets: Targets<'_>,
        step: u64,
    ) -> Result<StepOutcome, NnError> {
        let classes = self.classes();
        let mut labels = targets.all_labels();
        if let Some(label) = labels.find(|label| usize::from(*label) >= classes) {
            return Err(NnError::Size {
                what: "classes the labels ask for",
                expected: classes,
                found: usize::from(label) + 1,
            });
        }
        let batch = self.network.images(pixels)?;
        let partners = targets.mixed.map(|(partners, _)| partners);
        for labels in [Some(targets.labels), partners].into_iter().flatten() {
            if labels.len() != batch {
                return Err(NnError::Size {
                    what: "labels of a batch",
                    expected: batch,
                    found: labels.len(),
                });
            }
        }
        let pass = Pass::Train {
            seed: self.seed,
            step,
        };
        let logits = self.network.forward(pixels, pass)?;
        self.network.recorder().enter(Section::Loss);
        let mut scores = vec![0.0; batch * classes];
        logits.copy_into(&mut scores);
        let correct = scores
            .chunks_exact(classes)
            .zip(targets.main_labels())
            .filter(|(row, label)| argmax(row) == usize::from(**label))
            .count();
        let loss = loss(logits, targets, self.loss)?;
        let value = loss.array();
        loss.try_backward()?;
        Ok(StepOutcome {
            loss: value,
            correct,
        })
    }

    /// Leaves the gradients of the mean loss of one batch in the [network](Network::gradients), as a step of
    /// training would see them before it clips them, and changes nothing else.
    ///
    /// # Errors
    /// When the sizes do not fit or memory runs out.
    pub fn compute_gradients<'a>(
        &self,
        pixels: &[f32],
        targets: impl Into<Targets<'a>>,
        step: u64,
    ) -> Result<StepOutcome, NnError> {
        let network = &self.network;
        network.keeping_statistics(|| self.backward(pixels, targets.into(), step))
    }

    /// Scores `[batch, classes]` of `pixels` `[batch, channels, height, width]`: no dropout, batch
    /// norm with its running statistics.
    ///
    /// # Errors
    /// When the number of pixels does not fit or memory runs out.
    pub fn logits(&self, pixels: &[f32]) -> Result<Vec<f32>, NnError> {
        self.network.evaluate(pixels)
    }
}

impl Snapshot {
    /// A network with these parameters.
    ///
    /// # Errors
    /// A sentence when spec and tensors do not belong together.
    pub fn restore(&self) -> Result<Model, String> {
        let mut model = Model::new(&self.info.spec)
            .map_err(|problem| format!("the model's spec is bad: {problem}"))?;
        model.network_mut().load_state(&self.state)?;
        Ok(model)
    }
}
