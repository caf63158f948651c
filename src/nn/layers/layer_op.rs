//! A layer as an op, by what may be done with it when its neighbours are known.

use super::activation::Activation;
use super::batch_norm::BatchNorm;
use super::dropout::Dropout;
use super::max_pool2d::MaxPool2d;
use super::op::Op;
use super::residual::Residual;

/// A layer of the network. Those with a variant of their own may be fused with their neighbours, or
/// need something of the network around them; most kinds are [`Other`](Self::Other).
pub enum LayerOp {
    /// May be fused with what follows.
    BatchNorm(Box<BatchNorm>),
    /// May be fused with its neighbours.
    Activation(Activation),
    /// May be fused with its neighbours.
    MaxPool(MaxPool2d),
    /// May be fused with what is before.
    Dropout(Dropout),
    /// Takes also what went into the layer this number of layers before.
    Residual(Residual, usize),
    /// An op by itself.
    Other(Box<dyn Op>),
}

impl LayerOp {
    /// An op by itself.
    pub fn other(op: impl Op + 'static) -> Self {
        Self::Other(Box::new(op))
    }

    /// The op by itself.
    pub fn into_op(self) -> Box<dyn Op> {
        match self {
            Self::BatchNorm(op) => op,
            Self::Activation(op) => Box::new(op),
            Self::MaxPool(op) => Box::new(op),
            Self::Dropout(op) => Box::new(op),
            Self::Residual(op, _) => Box::new(op),
            Self::Other(op) => op,
        }
    }

    /// The op.
    pub fn op(&self) -> &dyn Op {
        match self {
            Self::BatchNorm(op) => &**op,
            Self::Activation(op) => op,
            Self::MaxPool(op) => op,
            Self::Dropout(op) => op,
            Self::Residual(op, _) => op,
            Self::Other(op) => &**op,
        }
    }
}
