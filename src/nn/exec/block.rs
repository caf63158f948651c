//! The layers of a network with the buffers that their passes work in.

use super::partition::MAX_CHUNKS;
use super::skip::SkipConnection;
use super::traversal::Traversal;
use super::workspace::Workspace;
use crate::nn::layers::{Op, Pass, RunningStatistics};
use crate::nn::micro_batch::micro_batch;
use crate::nn::parameter::Parameter;
use crate::nn::profile::{Direction, Recorder};
use crate::simd::buffer::Buffer;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The layers of a network: one operation on dfdx's tape.
pub struct Block {
    pub(super) ops: Vec<Box<dyn Op>>,
    /// Where the parameters of each op are among those of the network.
    pub(super) parameters: Vec<Range<usize>>,
    /// The spec's layer that each op is counted as where memory is reported.
    pub(super) layers: Vec<usize>,
    pub(super) skips: Vec<SkipConnection>,
    /// How many of the ops, the first ones, work as in evaluation in every pass, and do not learn.
    pub(super) frozen: usize,
    /// The first op that the backward pass visits. Nothing before it can be trained.
    pub(super) first: usize,
    /// Whether the gradient of that op's input is computed, which training never reads.
    pub(super) traces_input: bool,
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
    pub(super) recorder: Arc<Recorder>,
}

/// A panic in another thread leaves wrong numbers but a sound block: the next pass overwrites them
/// all.
pub fn lock(block: &Mutex<Block>) -> MutexGuard<'_, Block> {
    block.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a pass is for op `k`, where the first `frozen` ops work as in evaluation.
pub(super) fn pass_of(k: usize, frozen: usize, pass: Pass) -> Pass {
    if k < frozen { Pass::Evaluate } else { pass }
}

impl Block {
    /// A block of `ops`, at least one, each with the index of the layer it is counted as, and the
    /// skip connections around some of them. The first `frozen` ops work as in evaluation. With `traces_input` the gradient of its input is computed
    /// too. It knows its sizes but holds no memory yet.
    pub fn new(
        ops: Vec<(usize, Box<dyn Op>)>,
        skips: Vec<SkipConnection>,
        frozen: usize,
        traces_input: bool,
    ) -> Self {
        let (layers, ops): (Vec<usize>, Vec<Box<dyn Op>>) = ops.into_iter().unzip();
        let mut end = 0;
        let parameters: Vec<Range<usize>> = ops
            .iter()
            .map(|op| {
                let start = end;
                end += op.parameters().len();
                start..end
            })
            .collect();
        let mut learning = parameters.iter().enumerate().skip(frozen);
        let trainable = learning.find(|(_, range)| !range.is_empty());
        let trainable = trainable.map(|(k, _)| k);
        Self {
            parameters,
            frozen,
            first: if traces_input {
                0
            } else {
                trainable.unwrap_or(ops.len())
            },
            traces_input,
            values: vec![Buffer::default(); ops.len() + 1],
            notes: vec![Vec::new(); ops.len()],
            upstream: Buffer::default(),
            downstream: Buffer::default(),
            skip_gradients: vec![Buffer::default(); skips.len()],
            totals: Vec::new(),
            traversal: Traversal::FirstToLast,
            workspaces: Vec::new(),
            recorder: Arc::new(Recorder::new(ops.len())),
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

    /// The gradient of the input `[batch, input_len]` after a backward pass that traces it.
    pub fn input_gradient(&self) -> &[f32] {
        match self.traces_input {
            true => &self.upstream,
            false => &[],
        }
    }

    /// What records where the time of the passes goes.
    pub fn recorder(&self) -> &Arc<Recorder> {
        &self.recorder
    }

    /// How often a training step does the multiply-adds of op `k`.
    pub fn products(&self, k: usize) -> u64 {
        match k.cmp(&self.first) {
            Ordering::Less => 1,
            Ordering::Equal if !self.traces_input => 2,
            _ => 3,
        }
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

    /// Lets every op read the network's parameters.
    pub(super) fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        for (k, (op, range)) in self.ops.iter_mut().zip(&self.parameters).enumerate() {
            let pass = pass_of(k, self.frozen, pass);
            let prepare = || op.prepare(&parameters[range.clone()], pass);
            self.recorder.op(k, Direction::Prepare, prepare);
        }
    }

    /// Whether there is an op `k` that takes the whole batch at once.
    pub(super) fn takes_whole_batch(&self, k: usize) -> bool {
        let op = self.ops.get(k);
        op.is_some_and(|op| op.takes_whole_batch())
    }

    /// Whether op `k` must see all images before the first goes through.
    pub(super) fn is_barrier(&self, k: usize) -> bool {
        let needs_all = self.ops.get(k).is_some_and(|op| op.statistics_len() > 0);
        k >= self.frozen && needs_all
    }

    /// Whether the output of op `k` is read after the images have gone on.
    pub(super) fn keeps(&self, k: usize) -> bool {
        let is_last = k + 1 == self.ops.len();
        is_last
            || self.skips.iter().any(|skip| skip.from == k + 1)
            || self.ops[k].needs_output()
            || self.ops[k + 1].needs_input()
            || self.is_barrier(k + 1)
            || self.takes_whole_batch(k)
            || self.takes_whole_batch(k + 1)
    }

    /// Whether evaluation keeps the output of op `k` of all images: where an op takes the whole batch.
    pub(super) fn keeps_to_evaluate(&self, k: usize) -> bool {
        let is_last = k + 1 == self.ops.len();
        let crosses =
            |skip: &SkipConnection| (skip.from..skip.to).any(|k| self.takes_whole_batch(k));
        let mut skips = self.skips.iter().filter(|skip| skip.from == k + 1);
        is_last || self.takes_whole_batch(k) || self.takes_whole_batch(k + 1) || skips.any(crosses)
    }

    /// Images of a micro-batch that goes through the ops of `range`.
    pub(super) fn micro_batch(&self, range: Range<usize>) -> usize {
        let before = self.ops.get(range.start).map_or(0, |op| op.input_len());
        let lens = self.ops[range].iter().map(|op| op.output_len());
        micro_batch(lens.fold(before, usize::max))
    }
}
