//! Which layers of a block become one op.

use crate::nn::exec::SkipConnection;
use crate::nn::fused::norm_act_dropout::{Layers, NormActDropout};
use crate::nn::fused::norm_act_pool_dropout::{self as pooled, NormActPoolDropout};
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
    /// How many of the ops stand for the frozen layers.
    pub frozen: usize,
    /// The layers that each op stands for.
    pub layers: Vec<Range<usize>>,
}

/// The layers, each with its index, as few ops as possible, or where nothing `joins` as ops of their own. None
/// reaches across the end of the first `frozen` layers of the spec.
pub fn fuse(mut layers: VecDeque<(usize, LayerOp)>, frozen: usize, joins: bool) -> Fused {
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
    let learning = indices.iter().position(|index| *index >= frozen);
    let mut ops: Vec<IndexedOp> = Vec::new();
    // The op that each layer is, or is a part of.
    let mut op_of = Vec::with_capacity(all);
    while !layers.is_empty() {
        let at = all - layers.len();
        // A skip connection carries what is between two ops: none begins within one.
        let begins = residuals.iter().map(|(from, _)| *from).chain(learning);
        let reach = begins.filter(|from| *from > at).min().unwrap_or(all) - at;
        let first = layers.front().map_or(0, |(index, _)| *index);
        // [batch norm] [activation] [2×2 max pooling] [dropout]
        let is = |offset: usize, kind: fn(&LayerOp) -> bool| {
            offset < reach && layers.get(offset).is_some_and(|(_, layer)| kind(layer))
        };
        let has_norm = is(0, |layer| matches!(layer, LayerOp::BatchNorm(_)));
        let at_activation = usize::from(has_norm);
        let has_activation = is(at_activation, |layer| {
            matches!(layer, LayerOp::Activation(_))
        });
        let at_pool = at_activation + usize::from(has_activation);
        let has_pool = is(at_pool, is_two_by_two);
        let at_dropout = at_pool + usize::from(has_pool);
        let has_dropout = is(at_dropout, |layer| matches!(layer, LayerOp::Dropout(_)));
        let taken = at_dropout + usize::from(has_dropout);
        if !(joins && (has_pool || has_activation && taken > 1)) {
            op_of.push(ops.len());
            let layer = layers.pop_front();
            ops.extend(layer.map(|(_, layer)| (first, layer.into_op())));
            continue;
        }
        op_of.extend(std::iter::repeat_n(ops.len(), taken));
        let norm = has_norm.then(|| take(&mut layers, norm)).flatten();
        let activation = has_activation
            .then(|| take(&mut layers, activation))
            .flatten();
        let pool = has_pool.then(|| take(&mut layers, pool)).flatten();
        let dropout = has_dropout.then(|| take(&mut layers, dropout)).flatten();
        let op: Box<dyn Op> = match (pool, activation) {
            (Some(pool), activation) => Box::new(NormActPoolDropout::new(pooled::Layers {
                norm,
                activation,
                pool,
                dropout,
            })),
            (None, Some(activation)) => Box::new(NormActDropout::new(Layers {
                norm,
                activation,
                dropout,
            })),
            (None, None) => unreachable!("one of them was seen above"),
        };
        let at = if has_pool { at_pool } else { at_activation };
        ops.push((first + at, op));
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
        frozen: match (frozen, learning) {
            (0, _) => 0,
            (_, Some(first)) => op_of[first],
            (_, None) => ops.len(),
        },
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

fn is_two_by_two(layer: &LayerOp) -> bool {
    matches!(layer, LayerOp::MaxPool(pool) if pool.is_two_by_two())
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
