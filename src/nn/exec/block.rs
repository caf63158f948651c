//! Consecutive layers with the buffers that their passes work in.

use super::partition::{MAX_CHUNKS, micro_batch};
use super::skip::SkipConnection;
use super::traversal::Traversal;
use super::workspace::Workspace;
use crate::nn::layers::{Op, Pass, RunningStatistics};
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Consecutive layers that are one operation on dfdx's tape.
pub struct Block {
    pub(super) ops: Vec<Box<dyn Op>>,
    /// The spec's layer that each op is counted as where memory is reported.
    pub(super) layers: Vec<usize>,
    pub(super) skips: Vec<SkipConnection>,
    /// Whether anything before the block can be trained. Without it the first op's input gradient,
    /// which nothing reads, is not computed.
    pub(super) propagates: bool,
    /// `values[0]` is the input `[batch, len]`, `values[k + 1]` the output of op `k` where it is
    /// [kept](Self::keeps), filled by training passes; evaluation fills the first and the last.
    pub(super) values: Vec<Buffer>,
    /// What op `k` noted for its backward pass, `[batch, notes_len]`.
    pub(super) notes: Vec<Vec<u8>>,
    /// Gradients where the backward pass is and where it goes next, `[batch, len]`.
    pub(super) upstream: Buffer,
    pub(super) downstream: Buffer,
    /// Gradients of what each skip connection carries, `[batch, skip_len]`.
    pub(super) skip_gradients: Vec<Buffer>,
    /// Gradients `[op][parameter][value]` of the whole batch, as the ops add them up.
    pub(super) totals: Vec<Vec<Buffer>>,
    /// The order of the next walk over the batch.
    pub(super) traversal: Traversal,
    /// One per chunk of the batch.
    pub(super) workspaces: Vec<Workspace>,
}

/// A panic in another thread leaves wrong numbers but a sound block: the next pass overwrites them
/// all.
pub fn lock(block: &Mutex<Block>) -> MutexGuard<'_, Block> {
    block.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Block {
    /// A block of `ops`, at least one, each with the index of the layer it is counted as, and the
    /// skip connections around some of them. It knows its sizes but holds no memory yet.
    pub fn new(
        ops: Vec<(usize, Box<dyn Op>)>,
        skips: Vec<SkipConnection>,
        propagates: bool,
    ) -> Self {
        let (layers, ops): (Vec<usize>, Vec<Box<dyn Op>>) = ops.into_iter().unzip();
        Self {
            propagates,
            values: vec![Buffer::default(); ops.len() + 1],
            notes: vec![Vec::new(); ops.len()],
            upstream: Buffer::default(),
            downstream: Buffer::default(),
            skip_gradients: vec![Buffer::default(); skips.len()],
            totals: Vec::new(),
            traversal: Traversal::FirstToLast,
            workspaces: Vec::new(),
            ops,
            layers,
            skips,
        }
    }

    /// Takes the memory for parameters and their gradients. What depends on the batch is taken when
    /// the first one comes.
    pub fn allocate(&mut self) {
        for op in &mut self.ops {
            op.allocate();
        }
        let lens = self.ops.iter().map(|op| op.gradient_lens());
        self.totals = lens
            .map(|lens| lens.into_iter().map(Buffer::zeros).collect())
            .collect();
        self.workspaces = (0..MAX_CHUNKS).map(|_| Workspace::default()).collect();
    }

    pub(super) fn input_len(&self) -> usize {
        self.ops.first().map_or(0, |op| op.input_len())
    }

    pub(super) fn output_len(&self) -> usize {
        self.ops.last().map_or(0, |op| op.output_len())
    }

    /// Batch norm's statistics, layer by layer.
    pub fn running_statistics(&self) -> impl Iterator<Item = &RunningStatistics> {
        self.ops.iter().filter_map(|op| op.running_statistics())
    }

    /// Batch norm's statistics, layer by layer, to be replaced.
    pub fn running_statistics_mut(&mut self) -> impl Iterator<Item = &mut RunningStatistics> {
        self.ops
            .iter_mut()
            .filter_map(|op| op.running_statistics_mut())
    }

    pub(super) fn load(&mut self, parameters: &[Parameter], pass: Pass) {
        let places = self.ops.iter_mut().flat_map(|op| op.parameters_mut());
        for (place, parameter) in places.zip(parameters) {
            place.copy_from_slice(&parameter.values);
        }
        for op in &mut self.ops {
            op.prepare(pass);
        }
    }

    /// Whether op `k` must see all images before the first goes through.
    pub(super) fn is_barrier(&self, k: usize) -> bool {
        self.ops.get(k).is_some_and(|op| op.statistics_len() > 0)
    }

    /// Whether the output of op `k` is read after the images have gone on.
    pub(super) fn keeps(&self, k: usize) -> bool {
        let is_last = k + 1 == self.ops.len();
        is_last
            || self.skips.iter().any(|skip| skip.from == k + 1)
            || self.ops[k].needs_output()
            || self.ops[k + 1].needs_input()
            || self.is_barrier(k + 1)
    }

    /// Images of a micro-batch that goes through the ops of `range`.
    pub(super) fn micro_batch(&self, range: Range<usize>) -> usize {
        let before = self.ops.get(range.start).map_or(0, |op| op.input_len());
        let lens = self.ops[range].iter().map(|op| op.output_len());
        micro_batch(lens.fold(before, usize::max))
    }

    /// The ops that must see all images before the first goes through.
    pub(super) fn barriers(&self) -> Vec<usize> {
        (0..self.ops.len())
            .filter(|&k| self.is_barrier(k))
            .collect()
    }
}
