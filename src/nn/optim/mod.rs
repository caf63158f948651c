//! Optimisers. SGD, Adam and AdamW are dfdx's kernels; AdaGrad, AdaDelta and RMSprop, which dfdx lacks
//! or computes otherwise than PyTorch, are ours.

mod adadelta;
mod adagrad;
pub(super) mod clip;
mod rmsprop;
mod state;

use super::NnError;
use super::parameter::{GradientStore, Parameter, ParameterTensor, with_tensor};
use crate::spec;
use dfdx::optim::{AdamConfig, Momentum, SgdConfig, WeightDecay};
use dfdx::prelude::{Cpu, CpuError, Gradients, Storage};
pub use state::OptimizerState;

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
}

impl Optimizer {
    /// An optimiser that has seen nothing yet.
    pub fn new(config: spec::Optimizer) -> Self {
        Self {
            config,
            steps: 0,
            first: Gradients::leaky(),
            second: Gradients::leaky(),
        }
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
        for parameter in parameters {
            self.update(&mut parameter.tensor, gradients, learning_rate)?;
        }
        Ok(())
    }

    fn update(
        &mut self,
        parameter: &mut ParameterTensor,
        gradients: &mut GradientStore,
        lr: f64,
    ) -> Result<(), CpuError> {
        let first = parameter.entry(&mut self.first)?;
        let second = parameter.entry(&mut self.second)?;
        let gradient = parameter.entry(gradients)?;
        match self.config {
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
        }
    }
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
