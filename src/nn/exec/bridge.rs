//! Ways past some of a block's ops, to one that adds what comes over them.

use super::Block;
use super::shards::Cut;
use crate::nn::layers::Op;
use crate::simd::buffer::Buffer;

/// A way past some ops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// The op whose input goes over the bridge.
    pub from: usize,
    /// The later op that takes it.
    pub to: usize,
}

/// The bridge that ends at op `k`, with its place among the others.
pub(super) fn ending_at(bridges: &[Bridge], k: usize) -> Option<(usize, Bridge)> {
    let mut all = bridges.iter().copied().enumerate();
    all.find(|(_, bridge)| bridge.to == k)
}

/// The places of the bridges that begin at op `k`.
pub(super) fn beginning_at(bridges: &[Bridge], k: usize) -> impl Iterator<Item = usize> {
    let all = bridges.iter().enumerate();
    all.filter(move |(_, bridge)| bridge.from == k)
        .map(|(index, _)| index)
}

impl Block {
    /// Makes room for the gradients of what goes over the bridges.
    pub(super) fn size_bridge_gradients(&mut self, batch: usize) {
        for (bridge, gradient) in self.bridges.iter().zip(&mut self.bridge_gradients) {
            gradient.size(batch * self.ops[bridge.to].skip_len());
        }
    }
}

/// The bridges' gradients `[shard][bridge]`.
pub(super) fn of_shards<'a>(
    bridges: &[Bridge],
    gradients: &'a mut [Buffer],
    ops: &[Box<dyn Op>],
    cut: Cut,
) -> Vec<Vec<&'a mut [f32]>> {
    let mut shards: Vec<Vec<&mut [f32]>> = (0..cut.parts).map(|_| Vec::new()).collect();
    for (bridge, gradient) in bridges.iter().zip(gradients) {
        let parts = cut.split(gradient, ops[bridge.to].skip_len());
        for (shard, part) in shards.iter_mut().zip(parts) {
            shard.push(part);
        }
    }
    shards
}
