//! Optimisers. SGD, Adam and AdamW are dfdx's kernels; AdaGrad, AdaDelta, RMSprop and Muon, which dfdx
//! lacks or computes otherwise than PyTorch, are ours.

mod adadelta;
mod adagrad;
pub(super) mod clip;
mod muon;
mod rmsprop;
mod state;

use super::NnError;
use super::parameter::{GradientStore, Parameter, ParameterTensor, with_tensor};
use crate::spec;
use dfdx::optim::{AdamConfig, Momentum, SgdConfig, WeightDecay};
use dfdx::prelude::{Cpu, CpuError, Gradients, Storage};
use muon::Orthogonalizer;
pub use state::OptimizerState;
use std::collections::BTreeMap;
use std::ops::Range;

/// What dfdx keeps values in.
type Values = <Cpu as Storage<f32>>::Vec;

/// An optimiser with its state: up to two values per parameter value, and the count of steps.
pub struct Optimizer {
    config: spec::Optimizer,
    steps: i32,
    /// Velocity, first moment or sum of squares, by the kind.
    first: GradientStore,
    /// Second moment, or mean of squared updates, by the kind.
    second: GradientStore,
    /// Muon's, by the place of the parameter.
    orthogonalizers: BTreeMap<usize, Orthogonalizer>,
}

impl Optimizer {
    /// An optimiser that has seen nothing yet.
    pub fn new(config: spec::Optimizer) -> Self {
        Self {
            config,
            steps: 0,
            first: Gradients::leaky(),
            second: Gradients::leaky(),
            orthogonalizers: BTreeMap::new(),
        }
    }

    /// Bytes of the buffers that an optimiser works in, for each parameter of a network whose
    /// parameters have these `shapes`; its state, up to two values per parameter value, comes on top.
    pub fn buffers(config: &spec::Optimizer, shapes: &[&[usize]]) -> Vec<u64> {
        let weights: Vec<bool> = shapes.iter().map(|shape| shape.len() > 1).collect();
        let hidden = hidden(&weights);
        let bytes = |(index, shape): (usize, &&[usize])| match config {
            spec::Optimizer::Muon(_) if hidden.contains(&index) && weights[index] => {
                Orthogonalizer::memory(shape[0], shape[1..].iter().product())
            }
            _ => 0,
        };
        shapes.iter().enumerate().map(bytes).collect()
    }

    /// Moves every parameter along its gradient.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn step(
        &mut self,
        parameters: &mut [Parameter],
        gradients: &mut GradientStore,
        learning_rate: f64,
    ) -> Result<(), NnError> {
        self.steps = self.steps.saturating_add(1);
        let weights = parameters
            .iter()
            .map(|parameter| is_weight(&parameter.tensor));
        let hidden = hidden(&weights.collect::<Vec<_>>());
        for (index, parameter) in parameters.iter_mut().enumerate() {
            let tensor = &mut parameter.tensor;
            match self.config {
                spec::Optimizer::Muon(muon) if hidden.contains(&index) && is_weight(tensor) => {
                    self.update_by_muon(muon, index, tensor, gradients, learning_rate)?;
                }
                config => self.update(config, tensor, gradients, learning_rate)?,
            }
        }
        Ok(())
    }

    fn update_by_muon(
        &mut self,
        muon: spec::Muon,
        index: usize,
        weight: &mut ParameterTensor,
        gradients: &mut GradientStore,
        lr: f64,
    ) -> Result<(), CpuError> {
        let orthogonalizer = self.orthogonalizers.entry(index).or_insert_with(|| {
            let rows = weight.shape()[0];
            Orthogonalizer::new(rows, weight.elements() / rows)
        });
        let velocity = weight.entry(&mut self.first)?;
        let gradient = weight.entry(gradients)?;
        in_place(weight, |values| {
            muon::update(muon, values, velocity, gradient, orthogonalizer, lr);
        });
        Ok(())
    }

    fn update(
        &mut self,
        config: spec::Optimizer,
        parameter: &mut ParameterTensor,
        gradients: &mut GradientStore,
        lr: f64,
    ) -> Result<(), CpuError> {
        let first = parameter.entry(&mut self.first)?;
        let second = parameter.entry(&mut self.second)?;
        let gradient = parameter.entry(gradients)?;
        match config {
            spec::Optimizer::Sgd {
                momentum,
                nesterov,
                weight_decay,
            } => {
                let config = SgdConfig {
                    lr,
                    momentum: match (momentum > 0.0, nesterov) {
                        (false, _) => None,
                        (true, false) => Some(Momentum::Classic(momentum)),
                        (true, true) => Some(Momentum::Nesterov(momentum)),
                    },
                    weight_decay: l2(weight_decay),
                };
                with_tensor!(parameter, tensor => config.try_update(tensor, first, gradient))
            }
            spec::Optimizer::Adam {
                beta1,
                beta2,
                eps,
                weight_decay,
            } => {
                let config = AdamConfig {
                    lr,
                    betas: [beta1, beta2],
                    eps,
                    weight_decay: l2(weight_decay),
                };
                let t = self.steps;
                with_tensor!(parameter, tensor => config.try_update(t, tensor, first, second, gradient))
            }
            spec::Optimizer::AdamW {
                beta1,
                beta2,
                eps,
                weight_decay,
            } => {
                let config = AdamConfig {
                    lr,
                    betas: [beta1, beta2],
                    eps,
                    weight_decay: Some(WeightDecay::Decoupled(weight_decay)),
                };
                let t = self.steps;
                with_tensor!(parameter, tensor => config.try_update(t, tensor, first, second, gradient))
            }
            spec::Optimizer::AdaGrad { eps, weight_decay } => {
                decay(parameter, gradient, weight_decay);
                in_place(parameter, |values| {
                    adagrad::update(values, first, gradient, lr, eps)
                });
                Ok(())
            }
            spec::Optimizer::AdaDelta {
                rho,
                eps,
                weight_decay,
            } => {
                decay(parameter, gradient, weight_decay);
                in_place(parameter, |values| {
                    adadelta::update(values, first, second, gradient, lr, rho, eps);
                });
                Ok(())
            }
            spec::Optimizer::RmsProp {
                alpha,
                eps,
                momentum,
                weight_decay,
            } => {
                decay(parameter, gradient, weight_decay);
                in_place(parameter, |values| {
                    rmsprop::update(values, first, second, gradient, lr, alpha, eps, momentum);
                });
                Ok(())
            }
            spec::Optimizer::Muon(muon) => {
                let config = spec::Optimizer::adam_w(muon.weight_decay);
                self.update(config, parameter, gradients, lr)
            }
        }
    }
}

/// Whether the parameter is a weight: a matrix, or kernels.
fn is_weight(parameter: &ParameterTensor) -> bool {
    !matches!(parameter, ParameterTensor::Vector(_))
}

/// The places between the first weight, which meets the pixels, and the last, which gives the scores,
/// among parameters some of which are `weights`.
fn hidden(weights: &[bool]) -> Range<usize> {
    let first = weights.iter().position(|is_weight| *is_weight);
    let last = weights.iter().rposition(|is_weight| *is_weight);
    first.map_or(0, |first| first + 1)..last.unwrap_or(0)
}

fn l2(weight_decay: f64) -> Option<WeightDecay> {
    (weight_decay > 0.0).then_some(WeightDecay::L2(weight_decay))
}

/// Adds the L2 penalty's gradient.
fn decay(parameter: &ParameterTensor, gradient: &mut Values, weight_decay: f64) {
    if weight_decay > 0.0 {
        let values = parameter.to_vec();
        for (gradient, value) in gradient.iter_mut().zip(values) {
            *gradient += weight_decay as f32 * value;
        }
    }
}

/// Changes a tensor's values: dfdx lends them only as copies.
fn in_place(parameter: &mut ParameterTensor, change: impl FnOnce(&mut [f32])) {
    let mut values = parameter.to_vec();
    change(&mut values);
    parameter.copy_from(&values);
}
