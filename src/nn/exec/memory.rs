//! What a block needs of the machine's memory: the sizes of the buffers that its passes fill.

use super::block::Block;
use super::partition::Partition;
use super::skip::ending_at;
use crate::nn::layers::{LayerMemory, ParameterShape, f32_bytes};
use crate::nn::micro_batch::micro_batch;

impl Block {
    /// What the block needs, with training batches of `training` images and evaluated batches of
    /// `evaluation` images: for each op, with the index of the layer it is counted as.
    pub fn memory(&self, training: usize, evaluation: usize) -> Vec<(usize, LayerMemory)> {
        let chunks = Partition::of(training).chunks;
        let mut of_ops: Vec<LayerMemory> = (0..self.ops.len())
            .map(|k| {
                let op = &self.ops[k];
                let shapes = op.parameters();
                let parameters: usize = shapes.iter().map(ParameterShape::elements).sum();
                let gradients: usize = op.gradient_lens().into_iter().sum();
                LayerMemory {
                    weights: op.memory().weights,
                    // Those of every chunk and their sum; and those that the network holds.
                    gradients: f32_bytes((chunks + 1) * gradients + parameters),
                    buffers: 0,
                    training_image: self.kept_image(k)
                        + self.gradient_image(k)
                        + op.memory().batch_image,
                    evaluation_image: self.evaluation_image(k) + op.memory().batch_image,
                }
            })
            .collect();
        let (k, buffers) = self.workspaces_bytes(training.max(evaluation));
        of_ops[k].buffers = buffers;
        self.layers.iter().copied().zip(of_ops).collect()
    }

    fn is_last(&self, k: usize) -> bool {
        k + 1 == self.ops.len()
    }

    /// Bytes that a training pass keeps of one image for the backward pass of op `k`: the block's
    /// input, with the first op, and the op's output where it is kept.
    fn kept_image(&self, k: usize) -> u64 {
        let op = &self.ops[k];
        let input = if k == 0 { op.input_len() } else { 0 };
        let output = if self.keeps(k) { op.output_len() } else { 0 };
        f32_bytes(input + output) + op.notes_len() as u64
    }

    /// Bytes of one image's gradients that wait at op `k` until those of all images are there.
    fn gradient_image(&self, k: usize) -> u64 {
        // The two of the whole batch take turns: as large as the largest of them.
        let waits = |k: usize| {
            self.is_last(k)
                || self.is_barrier(k)
                || self.takes_whole_batch(k)
                || self.takes_whole_batch(k + 1)
        };
        let largest = (0..self.ops.len())
            .filter(|k| waits(*k))
            .max_by_key(|k| self.ops[*k].output_len());
        let waiting = match largest {
            Some(largest) if largest == k => 2 * self.ops[k].output_len(),
            _ => 0,
        };
        // On dfdx's tape: the output's tensor and its gradient.
        let tensors = if self.is_last(k) {
            2 * self.ops[k].output_len()
        } else {
            0
        };
        let skipped = ending_at(&self.skips, k).map_or(0, |_| self.ops[k].skip_len());
        f32_bytes(waiting + tensors + skipped)
    }

    /// Bytes of one evaluated image: the block's input, what waits for an op that takes the whole batch,
    /// and the output with its copy.
    fn evaluation_image(&self, k: usize) -> u64 {
        let input = if k == 0 { self.input_len() } else { 0 };
        let output = match self.keeps_to_evaluate(k) {
            true => self.ops[k].output_len(),
            false => 0,
        };
        let copy = if self.is_last(k) { output } else { 0 };
        f32_bytes(input + output + copy)
    }

    /// Bytes of the workspaces for batches of `batch` images, and the op that needs the largest.
    fn workspaces_bytes(&self, batch: usize) -> (usize, u64) {
        let Partition { chunks, .. } = Partition::of(batch);
        let chunk_images = batch.div_ceil(chunks);
        let mut largest = (0, 0);
        // The ops take turns with the buffers, so each is as large as the op that needs most of it.
        let [
            mut scratch,
            mut between,
            mut skip,
            mut skips,
            mut sums,
            mut notes,
        ] = [0; 6];
        // Of the first chunk's buffers.
        let mut batch_scratch = 0;
        for (k, op) in self.ops.iter().enumerate() {
            let widest = op.input_len().max(op.output_len());
            // No range of ops has larger micro-batches than its widest op alone.
            let images = chunk_images.min(micro_batch(widest));
            let shared = op.memory().batch_scratch;
            let of_op = op.memory().scratch + f32_bytes(images * (2 * widest + 2 * op.skip_len()));
            let of_op = of_op.max(shared / chunks as u64);
            batch_scratch = batch_scratch.max(shared);
            if of_op > largest.1 {
                largest = (k, of_op);
            }
            scratch = scratch.max(op.memory().scratch);
            between = between.max(f32_bytes(2 * images * widest));
            skip = skip.max(f32_bytes(2 * images * op.skip_len()));
            skips += f32_bytes(images * op.skip_len());
            sums = sums.max(f32_bytes(chunk_images * op.statistics_len()));
            notes = notes.max((images * op.notes_len()) as u64);
        }
        let workspace = scratch + between + skip + skips + sums + notes;
        let more = batch_scratch.saturating_sub(scratch);
        (largest.0, chunks.min(batch) as u64 * workspace + more)
    }
}
