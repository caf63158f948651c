//! Optimisers: how parameters follow their gradients. Formulas and defaults are PyTorch's; Lion, which
//! PyTorch lacks, is its paper's.
//!
//! An optimiser is one file: its hyperparameters as JSON has them, their limits, its formula with the
//! paper, and its [`Rule`]. To add one, write its file, and give it a `mod` line, a variant, an arm of
//! [`Optimizer::rule`] and an entry of [`Optimizer::choices`] here: forms, JSON, checks, the summary,
//! memory estimates and checkpoints follow.
//!
//! An [`Updater`] runs a rule over the parameters of a network and keeps the optimiser's state.

mod adadelta;
mod adagrad;
mod adam;
mod adamw;
mod clip;
mod hyperparameters;
mod lion;
mod muon;
mod orthogonalizer;
mod pieces;
mod python;
#[cfg(test)]
mod reference;
mod rmsprop;
mod rule;
mod sgd;
mod updater;

pub use adadelta::AdaDelta;
pub use adagrad::AdaGrad;
pub use adam::Adam;
pub use adamw::AdamW;
pub use clip::clip_norm;
pub use lion::Lion;
pub use muon::Muon;
pub use python::PythonOptimizer;
pub use rmsprop::RmsProp;
pub use rule::{MatrixRule, Part, Rule, Step};
pub use sgd::Sgd;
pub use updater::{Trainable, Updater};

use crate::text::Limit;
use serde::{Deserialize, Serialize};

/// The optimiser. The learning rate is beside it in the spec because the schedule changes it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Optimizer {
    /// Stochastic gradient descent.
    Sgd(Sgd),
    /// Adam.
    Adam(Adam),
    /// Adam with decoupled weight decay.
    AdamW(AdamW),
    /// AdaGrad.
    AdaGrad(AdaGrad),
    /// AdaDelta; its usual learning rate is 1.
    AdaDelta(AdaDelta),
    /// RMSprop.
    RmsProp(RmsProp),
    /// Muon for hidden weights, AdamW for all other parameters.
    Muon(Muon),
    /// Lion; its usual learning rate is a third to a tenth of Adam's.
    Lion(Lion),
}

impl Optimizer {
    /// Every optimiser with its defaults.
    pub fn choices() -> Vec<Self> {
        vec![
            Self::Sgd(Sgd::default()),
            Self::Adam(Adam::default()),
            Self::AdamW(AdamW::default()),
            Self::AdaGrad(AdaGrad::default()),
            Self::AdaDelta(AdaDelta::default()),
            Self::RmsProp(RmsProp::default()),
            Self::Muon(Muon::default()),
            Self::Lion(Lion::default()),
        ]
    }

    /// What the optimiser does: the one place that tells the kinds apart.
    pub fn rule(&self) -> &dyn Rule {
        match self {
            Self::Sgd(rule) => rule,
            Self::Adam(rule) => rule,
            Self::AdamW(rule) => rule,
            Self::AdaGrad(rule) => rule,
            Self::AdaDelta(rule) => rule,
            Self::RmsProp(rule) => rule,
            Self::Muon(rule) => rule,
            Self::Lion(rule) => rule,
        }
    }

    /// The optimiser's name as JSON spells it.
    pub fn kind(&self) -> &'static str {
        self.rule().name()
    }

    /// The optimiser and its main hyperparameters for people: `Sgd (momentum 0.9, Nesterov)`.
    pub fn description(&self) -> String {
        let rule = self.rule();
        format!("{} ({})", rule.name(), rule.details())
    }

    /// The values that `field` of the optimiser `kind` may have.
    pub fn limit(kind: &str, field: &str) -> Option<Limit> {
        Self::of_kind(kind)?.rule().limit(field)
    }

    /// What `field` of the optimiser `kind` does, in a few words, where its name alone does not say it.
    pub fn about(kind: &str, field: &str) -> Option<&'static str> {
        Self::of_kind(kind)?.rule().about(field)
    }

    /// The optimiser `kind` with its defaults.
    fn of_kind(kind: &str) -> Option<Self> {
        let mut all = Self::choices().into_iter();
        all.find(|optimizer| optimizer.kind() == kind)
    }
}
