//! Which layers of a block become one op.

use crate::nn::exec::SkipConnection;
use crate::nn::fused::norm_act_pool_dropout::{Layers, NormActPoolDropout};
use crate::nn::layers::{Activation, BatchNorm, Dropout, LayerOp, MaxPool2d, Op};
use std::collections::VecDeque;
use std::ops::Range;

/// An op with the index of the layer it is counted as where memory is reported.
pub type IndexedOp = (usize, Box<dyn Op>);

/// What layers have become.
pub struct Fused {
    /// The ops, as few as possible.
    pub ops: Vec<IndexedOp>,
    /// The skip connections around them.
    pub skips: Vec<SkipConnection>,
    /// The layers that each op stands for.
    pub layers: Vec<Range<usize>>,
}

/// The layers, each with its index, as few ops as possible.
pub fn fuse(mut layers: VecDeque<(usize, LayerOp)>) -> Fused {
    let indices: Vec<usize> = layers.iter().map(|(index, _)| *index).collect();
    let residuals: Vec<(usize, usize)> = layers
        .iter()
        .enumerate()
        .filter_map(|(at, (_, layer))| match layer {
            LayerOp::Residual(_, span) => Some((at - span, at)),
            _ => None,
        })
        .collect();
    let all = layers.len();
    let mut ops: Vec<IndexedOp> = Vec::new();
    // The op that each layer is, or is a part of.
    let mut op_of = Vec::with_capacity(all);
    while !layers.is_empty() {
        let at = all - layers.len();
        // A skip connection carries what is between two ops: none begins within one.
        let begins = residuals.iter().map(|(from, _)| *from);
        let reach = begins.filter(|from| *from > at).min().unwrap_or(all) - at;
        // [batch norm] [activation] max pooling [dropout]
        let layer = |offset: usize| layers.get(offset).map(|(_, layer)| layer);
        let is_norm = matches!(layer(0), Some(LayerOp::BatchNorm(_)));
        let is_activation = matches!(layer(usize::from(is_norm)), Some(LayerOp::Activation(_)));
        let before = usize::from(is_norm) + usize::from(is_activation);
        let first = layers.front().map_or(0, |(index, _)| *index);
        if before >= reach || !matches!(layer(before), Some(LayerOp::MaxPool(_))) {
            op_of.push(ops.len());
            let layer = layers.pop_front();
            ops.extend(layer.map(|(_, layer)| (first, layer.into_op())));
            continue;
        }
        let norm = take(&mut layers, norm);
        let activation = take(&mut layers, activation);
        let Some(pool) = take(&mut layers, pool) else {
            unreachable!("the pooling was seen above");
        };
        let dropout = if before + 1 < reach {
            take(&mut layers, dropout)
        } else {
            None
        };
        let taken = all - layers.len() - at;
        match NormActPoolDropout::new(Layers {
            norm,
            activation,
            pool,
            dropout,
        }) {
            Ok(op) => {
                op_of.extend(std::iter::repeat_n(ops.len(), taken));
                ops.push((first + before, Box::new(op)));
            }
            Err(layers) => {
                op_of.extend(ops.len()..ops.len() + taken);
                ops.extend((first..).zip(layers.into_ops()));
            }
        }
    }
    let skip = |(from, to): (usize, usize)| SkipConnection {
        from: op_of[from],
        to: op_of[to],
    };
    let mut covered: Vec<Range<usize>> = Vec::new();
    for (index, op) in indices.into_iter().zip(&op_of) {
        match covered.get_mut(*op) {
            Some(range) => range.end = index + 1,
            None => covered.push(index..index + 1),
        }
    }
    Fused {
        skips: residuals.into_iter().map(skip).collect(),
        ops,
        layers: covered,
    }
}

/// The first layer, if it is of the kind that `of_kind` lets through.
fn take<T>(
    layers: &mut VecDeque<(usize, LayerOp)>,
    of_kind: impl FnOnce(LayerOp) -> Result<T, LayerOp>,
) -> Option<T> {
    let (index, layer) = layers.pop_front()?;
    match of_kind(layer) {
        Ok(layer) => Some(layer),
        Err(other) => {
            layers.push_front((index, other));
            None
        }
    }
}

fn norm(layer: LayerOp) -> Result<Box<BatchNorm>, LayerOp> {
    match layer {
        LayerOp::BatchNorm(op) => Ok(op),
        other => Err(other),
    }
}

fn activation(layer: LayerOp) -> Result<Activation, LayerOp> {
    match layer {
        LayerOp::Activation(op) => Ok(op),
        other => Err(other),
    }
}

fn pool(layer: LayerOp) -> Result<MaxPool2d, LayerOp> {
    match layer {
        LayerOp::MaxPool(op) => Ok(op),
        other => Err(other),
    }
}

fn dropout(layer: LayerOp) -> Result<Dropout, LayerOp> {
    match layer {
        LayerOp::Dropout(op) => Ok(op),
        other => Err(other),
    }
}
