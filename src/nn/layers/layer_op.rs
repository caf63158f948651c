//! A layer as an op, by what may be done with it when its neighbours are known.

use super::activation::Activation;
use super::batch_norm::BatchNorm;
use super::dense::Dense;
use super::dropout::Dropout;
use super::max_pool2d::MaxPool2d;
use super::op::Op;
use super::parameter_shape::ParameterShape;
use super::residual::Residual;

/// A layer of the network. Those with a variant of their own may be fused with their neighbours, or
/// need something of the network around them; most kinds are [`Other`](Self::Other).
pub enum LayerOp {
    /// An operation on dfdx's tape by itself, in no block.
    Dense(Box<Dense>),
    /// May be fused with what follows.
    BatchNorm(Box<BatchNorm>),
    /// May be fused with the pooling that follows.
    Activation(Activation),
    /// May be fused with its neighbours.
    MaxPool(MaxPool2d),
    /// May be fused with the pooling before.
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

    /// The op; none for a dense layer.
    fn op(&self) -> Option<&dyn Op> {
        Some(match self {
            Self::Dense(_) => return None,
            Self::BatchNorm(op) => &**op,
            Self::Activation(op) => op,
            Self::MaxPool(op) => op,
            Self::Dropout(op) => op,
            Self::Residual(op, _) => op,
            Self::Other(op) => &**op,
        })
    }

    /// The trainable parameters, in the order of their names in the saved model.
    pub fn parameters(&self) -> Vec<ParameterShape> {
        match (self, self.op()) {
            (_, Some(op)) => op.parameters(),
            (Self::Dense(dense), None) => dense.parameters(),
            (_, None) => Vec::new(),
        }
    }

    /// Whether it has running statistics to be saved.
    pub fn has_statistics(&self) -> bool {
        self.op().is_some_and(|op| op.statistics_len() > 0)
    }
}
