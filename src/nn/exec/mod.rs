//! A run of consecutive layers as one operation on dfdx's tape.
//!
//! Activations cross dfdx's border once per block. Within it every image goes through as many layers
//! as possible while it is in the cache; only batch norm needs all images before it can go on, and
//! gathers what it needs of each while it is there.
//!
//! The batch is cut into up to [`MOST_PARTS`] parts that threads pick up. Each part adds up its own
//! weight gradients and the parts are summed in their order, so that the result does not depend on
//! which thread did what, nor on how many there are.

mod backward;
mod bridge;
mod forward;
mod shards;
mod tape;

pub use bridge::Bridge;
pub use shards::{MOST_PARTS, parts_of};
pub use tape::apply;

use super::layers::{Op, Pass, RunningStatistics, Scratch};
use super::parameter::Parameter;
use crate::simd::buffer::Buffer;
use backward::zeros;
use shards::{Direction, images_at_once};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Consecutive layers of ours, with the buffers they work in.
pub struct Block {
    ops: Vec<Box<dyn Op>>,
    bridges: Vec<Bridge>,
    /// Whether anything before the block can be trained. Without it the first op's input gradient,
    /// which nobody would read, is not computed.
    propagates: bool,
    /// `values[0]` is the input `[batch, len]`, `values[k + 1]` the output of op `k` where someone
    /// will read it, filled by training passes; evaluation fills the first and the last.
    values: Vec<Buffer>,
    /// What op `k` noted for its backward pass, `[batch, notes_len]`.
    notes: Vec<Vec<u8>>,
    /// Gradients at the place the backward pass has reached and at the one it goes to next.
    upstream: Buffer,
    downstream: Buffer,
    /// Gradients of what goes over each bridge, `[batch, len]`, until the backward pass is at its start.
    bridge_gradients: Vec<Buffer>,
    /// Gradients `[op][parameter][value]` of the whole batch, as the ops add them up.
    totals: Vec<Vec<Buffer>>,
    /// The direction of the next walk over the batch.
    direction: Direction,
    shards: Vec<Shard>,
}

/// What one part of the batch needs for itself.
#[derive(Default)]
struct Shard {
    scratch: Scratch,
    /// Values or gradients between two ops of some images.
    between: [Buffer; 2],
    /// What goes over each bridge, of some images that are evaluated.
    over: Vec<Buffer>,
    /// Gradients `[op][parameter][value]`, as the ops add them up.
    gradients: Vec<Vec<Buffer>>,
    /// Sums that an op gathers over the batch, some images after the other.
    sums: Buffer,
}

/// The output of the block for one image in evaluation mode, having pushed that of every layer of the
/// spec, in the ops' layout.
pub fn trace(
    block: &Mutex<Block>,
    x: &[f32],
    parameters: &[Parameter],
    outputs: &mut Vec<Vec<f32>>,
) -> Vec<f32> {
    let mut working = lock(block);
    working.load(parameters, Pass::Evaluate);
    for op in &mut working.ops {
        op.use_running_statistics();
    }
    let mut scratch = Scratch::default();
    let mut inputs: Vec<Vec<f32>> = Vec::new();
    let mut x = x.to_vec();
    for (k, op) in working.ops.iter().enumerate() {
        if let Some((_, bridge)) = bridge::ending_at(&working.bridges, k) {
            scratch.skip.copy_from(&inputs[bridge.from]);
        }
        let y = op.trace(&x, &mut scratch, outputs);
        inputs.push(std::mem::replace(&mut x, y));
    }
    x
}

/// A panic in another thread leaves numbers behind, not broken invariants: the next pass overwrites
/// them all.
pub fn lock(block: &Mutex<Block>) -> MutexGuard<'_, Block> {
    block.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Block {
    /// A block of `ops`, which is not empty, with `bridges` over some of them.
    pub fn new(ops: Vec<Box<dyn Op>>, bridges: Vec<Bridge>, propagates: bool) -> Self {
        Self {
            propagates,
            values: vec![Buffer::default(); ops.len() + 1],
            notes: vec![Vec::new(); ops.len()],
            upstream: Buffer::default(),
            downstream: Buffer::default(),
            bridge_gradients: vec![Buffer::default(); bridges.len()],
            totals: ops.iter().map(|op| zeros(op.as_ref())).collect(),
            direction: Direction::To,
            shards: (0..MOST_PARTS).map(|_| Shard::default()).collect(),
            ops,
            bridges,
        }
    }

    fn input_len(&self) -> usize {
        self.ops.first().map_or(0, |op| op.input_len())
    }

    fn output_len(&self) -> usize {
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

    fn load(&mut self, parameters: &[Parameter], pass: Pass) {
        let places = self.ops.iter_mut().flat_map(|op| op.parameters_mut());
        for (place, parameter) in places.zip(parameters) {
            place.copy_from_slice(&parameter.values);
        }
        for op in &mut self.ops {
            op.prepare(pass);
        }
    }

    /// Whether op `k` must see all images before the first goes through.
    fn is_barrier(&self, k: usize) -> bool {
        self.ops.get(k).is_some_and(|op| op.statistics_len() > 0)
    }

    /// Whether the output of op `k` is read after the images have gone on.
    fn keeps(&self, k: usize) -> bool {
        let is_last = k + 1 == self.ops.len();
        is_last
            || self.bridges.iter().any(|bridge| bridge.from == k + 1)
            || self.ops[k].needs_output()
            || self.ops[k + 1].needs_input()
            || self.is_barrier(k + 1)
    }

    /// Images that go through the ops of `range` together.
    fn at_once(&self, range: Range<usize>) -> usize {
        let before = self.ops.get(range.start).map_or(0, |op| op.input_len());
        let lens = self.ops[range].iter().map(|op| op.output_len());
        images_at_once(lens.fold(before, usize::max))
    }

    /// The ops that must see all images before the first goes through.
    fn barriers(&self) -> Vec<usize> {
        (0..self.ops.len())
            .filter(|&k| self.is_barrier(k))
            .collect()
    }
}
