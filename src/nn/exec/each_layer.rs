//! What every layer makes of a batch, one layer after the other.

use super::block::{Block, pass_of};
use super::partition::{MAX_CHUNKS, Partition, of_images};
use super::skip::{beginning_at, ending_at};
use crate::nn::layers::{Partial, Pass, Place, RunningStatistics, Scratch, f32_bytes};
use crate::nn::micro_batch::micro_batch;
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use rayon::prelude::*;

/// A network whose layers are ops of their own, so that none hides what comes out of another. It holds what
/// goes into a layer and what comes out, and of the others only what a skip connection still needs.
pub struct EachLayer {
    block: Block,
    /// One per chunk of the batch.
    scratch: Vec<Scratch>,
}

impl EachLayer {
    /// The layers of a block in which each is an op of its own.
    pub fn new(mut block: Block) -> Self {
        for op in &mut block.ops {
            op.allocate();
        }
        Self {
            block,
            scratch: (0..MAX_CHUNKS).map(|_| Scratch::default()).collect(),
        }
    }

    /// Bytes that the layers of `block` take for batches of `batch` images.
    pub fn bytes(block: &Block, batch: usize) -> u64 {
        let Partition { chunks, .. } = Partition::of(batch);
        let (mut weights, mut between, mut scratch, mut whole_batch) = (0, 0, 0, 0);
        for op in &block.ops {
            let (memory, widest) = (op.memory(), op.input_len().max(op.output_len()));
            weights += memory.weights;
            between = between.max(op.input_len() + op.output_len());
            let skipped = micro_batch(widest) * op.skip_len();
            scratch = scratch.max(memory.scratch + f32_bytes(skipped));
            let of_batch = memory.batch_scratch + batch as u64 * memory.batch_image;
            whole_batch = whole_batch.max(of_batch + (batch * op.notes_len()) as u64);
        }
        let skips = block.skips.iter().map(|skip| block.ops[skip.to].skip_len());
        let images = f32_bytes(batch * (between + skips.sum::<usize>()));
        weights + images + chunks as u64 * scratch + whole_batch
    }

    /// Takes over batch norm's statistics, layer by layer.
    pub fn use_statistics<'a>(&mut self, all: impl Iterator<Item = &'a RunningStatistics>) {
        for (own, statistics) in self.block.running_statistics_mut().zip(all) {
            own.clone_from(statistics);
        }
    }

    /// Sends the images `x`, `[batch, channels, height, width]`, through the layers and shows `visit` each
    /// layer's position and output; images as `[height, width, channels]`.
    pub fn visit(
        &mut self,
        x: &[f32],
        parameters: &[Parameter],
        pass: Pass,
        visit: &mut dyn FnMut(usize, &[f32]),
    ) {
        let trains = pass != Pass::Evaluate;
        self.block.prepare(parameters, pass);
        let ops = self.block.ops.len();
        let evaluating = if trains { self.block.frozen } else { ops };
        for op in &mut self.block.ops[..evaluating] {
            op.use_running_statistics();
        }
        let partition = Partition::of(x.len() / self.block.input_len().max(1));
        let mut carried = vec![Buffer::default(); self.block.skips.len()];
        let (mut input, mut output) = (Buffer::from(x), Buffer::default());
        for k in 0..ops {
            for index in beginning_at(&self.block.skips, k) {
                carried[index].copy_from(&input);
            }
            let ending = ending_at(&self.block.skips, k);
            let skip = ending.map(|(index, _)| std::mem::take(&mut carried[index]));
            if trains && self.block.is_barrier(k) {
                self.observe(k, &input, partition);
            }
            let pass = pass_of(k, self.block.frozen, pass);
            self.forward(
                k,
                (&input, skip.as_deref()),
                &mut output,
                partition,
                (parameters, pass),
            );
            std::mem::swap(&mut input, &mut output);
            let layers = &self.block.layers;
            // An op that only changes the layout may come before a layer's own.
            if layers.get(k + 1) != Some(&layers[k]) {
                visit(layers[k], &input);
            }
        }
    }

    /// Lets op `k` see all images before the first goes through it.
    fn observe(&mut self, k: usize, x: &[f32], partition: Partition) {
        let op = &self.block.ops[k];
        let (len, sums_len) = (op.input_len(), op.statistics_len());
        let size = micro_batch(len);
        let of_chunk = |chunk: usize| -> Vec<(usize, Vec<f32>)> {
            let first = partition.range(chunk).start;
            let micro_batches = partition.micro_batches(chunk, size).map(|images| {
                let mut sums = vec![0.0; sums_len];
                let place = of_images(&(first + images.start..first + images.end), len);
                op.observe(&x[place], &mut sums);
                (images.len(), sums)
            });
            micro_batches.collect()
        };
        let chunks = (0..partition.chunks).into_par_iter().with_max_len(1);
        let all: Vec<Vec<(usize, Vec<f32>)>> = chunks.map(of_chunk).collect();
        let partials = all.iter().flatten().map(|(images, sums)| Partial {
            images: *images,
            sums,
        });
        let partials: Vec<Partial<'_>> = partials.collect();
        self.block.ops[k].conclude(&partials);
    }

    /// Sends all images through op `k`, with what a skip connection brings.
    fn forward(
        &mut self,
        k: usize,
        (x, skip): (&[f32], Option<&[f32]>),
        output: &mut Buffer,
        partition: Partition,
        (parameters, pass): (&[Parameter], Pass),
    ) {
        let op = &self.block.ops[k];
        let (input_len, output_len) = (op.input_len(), op.output_len());
        let y = output.size(partition.batch * output_len);
        let parameters = &parameters[self.block.parameters[k].clone()];
        let place = |image| Place {
            pass,
            image,
            parameters,
        };
        if op.takes_whole_batch() {
            let mut notes = vec![0; partition.batch * op.notes_len()];
            return op.forward(place(0), x, y, &mut notes, &mut self.scratch[0]);
        }
        let size = micro_batch(input_len.max(output_len));
        let chunks: Vec<_> = partition
            .split(y, output_len)
            .into_iter()
            .zip(&mut self.scratch)
            .enumerate()
            .collect();
        let chunks = chunks.into_par_iter().with_max_len(1);
        chunks.for_each(|(chunk, (y, scratch))| {
            let first = partition.range(chunk).start;
            let mut notes = Vec::new();
            for local in partition.micro_batches(chunk, size) {
                let images = first + local.start..first + local.end;
                if let Some(skip) = skip {
                    let of_skip = of_images(&images, op.skip_len());
                    scratch.skip.copy_from(&skip[of_skip]);
                }
                notes.resize(local.len() * op.notes_len(), 0);
                let x = &x[of_images(&images, input_len)];
                let y = &mut y[of_images(&local, output_len)];
                op.forward(place(images.start), x, y, &mut notes, scratch);
            }
        });
    }
}
