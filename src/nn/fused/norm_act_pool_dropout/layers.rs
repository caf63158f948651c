//! The layers that may be fused.

use crate::nn::layers::{Activation, BatchNorm, Dropout, MaxPool2d, Op};

/// Consecutive layers around a 2×2 max pooling, each but the pooling optional.
pub struct Layers {
    /// Before the activation.
    pub norm: Option<Box<BatchNorm>>,
    /// Before the pooling.
    pub activation: Option<Activation>,
    /// 2×2 windows.
    pub pool: MaxPool2d,
    /// After the pooling.
    pub dropout: Option<Dropout>,
}

impl Layers {
    /// The layers as ops, in their order.
    pub(super) fn ops(&self) -> impl Iterator<Item = &dyn Op> {
        let Self {
            norm,
            activation,
            pool,
            dropout,
        } = self;
        [
            norm.as_deref().map(|op| op as &dyn Op),
            activation.as_ref().map(|op| op as &dyn Op),
            Some(pool),
            dropout.as_ref().map(|op| op as &dyn Op),
        ]
        .into_iter()
        .flatten()
    }
}
