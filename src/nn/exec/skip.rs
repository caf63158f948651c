//! Skip connections: what goes into one op also goes, around the ops between, into a later one.

use super::partition::Partition;
use crate::nn::layers::Op;
use crate::simd::buffer::Buffer;

/// A connection around some ops of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkipConnection {
    /// The op whose input is carried.
    pub from: usize,
    /// The later op that takes it.
    pub to: usize,
}

/// The skip connection that ends at op `k`, with its index among the others.
pub(super) fn ending_at(skips: &[SkipConnection], k: usize) -> Option<(usize, SkipConnection)> {
    let mut all = skips.iter().copied().enumerate();
    all.find(|(_, skip)| skip.to == k)
}

/// The indices of the skip connections that begin at op `k`.
pub(super) fn beginning_at(skips: &[SkipConnection], k: usize) -> impl Iterator<Item = usize> {
    let all = skips.iter().enumerate();
    all.filter(move |(_, skip)| skip.from == k)
        .map(|(index, _)| index)
}

/// The skip connections' `gradients` as `[chunk][skip]`.
pub(super) fn by_chunk<'a>(
    skips: &[SkipConnection],
    gradients: &'a mut [Buffer],
    ops: &[Box<dyn Op>],
    partition: Partition,
) -> Vec<Vec<&'a mut [f32]>> {
    let mut chunks: Vec<Vec<&mut [f32]>> = (0..partition.chunks).map(|_| Vec::new()).collect();
    for (skip, gradient) in skips.iter().zip(gradients) {
        let parts = partition.split(gradient, ops[skip.to].skip_len());
        for (chunk, part) in chunks.iter_mut().zip(parts) {
            chunk.push(part);
        }
    }
    chunks
}
