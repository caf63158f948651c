//! How parameters follow their gradients. Formulas and defaults are PyTorch's.

use serde::{Deserialize, Serialize};

/// The optimiser; the learning rate stands beside it in the spec because the schedule moves it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Optimizer {
    /// Stochastic gradient descent.
    Sgd {
        /// Share of the last step that is repeated.
        #[serde(default)]
        momentum: f64,
        /// Look ahead along the momentum (Sutskever et al. 2013).
        #[serde(default)]
        nesterov: bool,
        /// L2 penalty added to the gradient.
        #[serde(default)]
        weight_decay: f64,
    },
    /// Adam (Kingma & Ba 2015, <https://arxiv.org/abs/1412.6980>).
    Adam {
        /// Decay of the mean of gradients.
        #[serde(default = "default_beta1")]
        beta1: f64,
        /// Decay of the mean of squared gradients.
        #[serde(default = "default_beta2")]
        beta2: f64,
        /// Added to the root of the mean square.
        #[serde(default = "default_adam_eps")]
        eps: f64,
        /// L2 penalty added to the gradient.
        #[serde(default)]
        weight_decay: f64,
    },
    /// Adam with decoupled weight decay (Loshchilov & Hutter 2019, <https://arxiv.org/abs/1711.05101>).
    AdamW {
        /// Decay of the mean of gradients.
        #[serde(default = "default_beta1")]
        beta1: f64,
        /// Decay of the mean of squared gradients.
        #[serde(default = "default_beta2")]
        beta2: f64,
        /// Added to the root of the mean square.
        #[serde(default = "default_adam_eps")]
        eps: f64,
        /// Share of each weight, times the learning rate, that every step takes away.
        #[serde(default = "default_decoupled_decay")]
        weight_decay: f64,
    },
    /// AdaGrad (Duchi et al. 2011, <https://jmlr.org/papers/v12/duchi11a.html>).
    AdaGrad {
        /// Added to the root of the summed squares.
        #[serde(default = "default_adagrad_eps")]
        eps: f64,
        /// L2 penalty added to the gradient.
        #[serde(default)]
        weight_decay: f64,
    },
    /// AdaDelta (Zeiler 2012, <https://arxiv.org/abs/1212.5701>); its usual learning rate is 1.
    AdaDelta {
        /// Decay of both running means.
        #[serde(default = "default_rho")]
        rho: f64,
        /// Added inside both roots.
        #[serde(default = "default_adadelta_eps")]
        eps: f64,
        /// L2 penalty added to the gradient.
        #[serde(default)]
        weight_decay: f64,
    },
    /// RMSprop (Tieleman & Hinton 2012).
    RmsProp {
        /// Decay of the mean of squared gradients.
        #[serde(default = "default_rms_alpha")]
        alpha: f64,
        /// Added to the root of the mean square.
        #[serde(default = "default_adam_eps")]
        eps: f64,
        /// Share of the last step that is repeated.
        #[serde(default)]
        momentum: f64,
        /// L2 penalty added to the gradient.
        #[serde(default)]
        weight_decay: f64,
    },
    /// Muon for all weights but those of the first and the last layer that have any; these, and all
    /// biases, scales and shifts, follow AdamW with its own defaults.
    Muon(Muon),
}

/// How Muon makes steps (Jordan et al. 2024, <https://kellerjordan.github.io/posts/muon/>).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Muon {
    /// Decay of the mean of gradients.
    pub momentum: f64,
    /// Look ahead along the momentum.
    pub nesterov: bool,
    /// Steps of the iteration that makes the mean of gradients orthogonal.
    pub ns_steps: usize,
    /// Root mean square of a step, in learning rates. 0.2 is about AdamW's, so that one learning rate
    /// suits both (Liu et al. 2025, <https://arxiv.org/abs/2502.16982>): PyTorch's `match_rms_adamw`.
    pub update_rms: f64,
    /// Share of each weight, times the learning rate, that every step takes away.
    pub weight_decay: f64,
}

impl Default for Muon {
    fn default() -> Self {
        Self {
            momentum: 0.95,
            nesterov: true,
            ns_steps: 5,
            update_rms: 0.2,
            weight_decay: 0.1,
        }
    }
}

impl Optimizer {
    /// AdamW with its defaults and this weight decay.
    pub fn adam_w(weight_decay: f64) -> Self {
        Self::AdamW {
            beta1: default_beta1(),
            beta2: default_beta2(),
            eps: default_adam_eps(),
            weight_decay,
        }
    }

    /// The optimiser's name as JSON spells it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sgd { .. } => "Sgd",
            Self::Adam { .. } => "Adam",
            Self::AdamW { .. } => "AdamW",
            Self::AdaGrad { .. } => "AdaGrad",
            Self::AdaDelta { .. } => "AdaDelta",
            Self::RmsProp { .. } => "RmsProp",
            Self::Muon(_) => "Muon",
        }
    }
}

fn default_beta1() -> f64 {
    0.9
}
fn default_beta2() -> f64 {
    0.999
}
fn default_adam_eps() -> f64 {
    1e-8
}
fn default_decoupled_decay() -> f64 {
    1e-2
}
fn default_adagrad_eps() -> f64 {
    1e-10
}
fn default_rho() -> f64 {
    0.9
}
fn default_adadelta_eps() -> f64 {
    1e-6
}
fn default_rms_alpha() -> f64 {
    0.99
}
