//! The forward pass of a block.

use super::block::Block;
use super::partition::{Partition, of_images};
use super::queue::for_each_chunk;
use super::skip::{beginning_at, ending_at};
use super::traversal::Traversal;
use super::workspace::partials;
use crate::nn::layers::{Pass, Place};
use crate::simd::buffer::Buffer;
use std::ops::Range;

/// What an op leaves of one chunk for the backward pass.
struct Outputs<'a> {
    /// The values, where they are kept.
    values: Option<&'a mut [f32]>,
    notes: &'a mut [u8],
}

impl Block {
    /// Output of all images; nothing is kept for a backward pass.
    pub(super) fn evaluate(&mut self) -> &[f32] {
        for op in &mut self.ops {
            op.use_running_statistics();
        }
        let (input_len, output_len) = (self.input_len(), self.output_len());
        let size = self.micro_batch(0..self.ops.len());
        let (ops, skips) = (&self.ops, &self.skips);
        let batch = self.values[0].len() / input_len;
        let partition = Partition::of(batch);
        let (x, y) = self.values.split_at_mut(ops.len());
        let (x, y) = (&x[0], &mut y[0]);
        y.size(batch * output_len);
        let notes_len = ops.iter().map(|op| op.notes_len()).max().unwrap_or(0);
        let pass = Pass::Evaluate;
        let outputs = partition.split(y, output_len);
        let chunks = self.workspaces.iter_mut().zip(outputs);
        for_each_chunk(
            Traversal::FirstToLast,
            chunks,
            |index, (workspace, outputs)| {
                let start = partition.range(index).start;
                let mut notes = vec![0; size * notes_len];
                workspace.skips.resize_with(skips.len(), Buffer::default);
                for images in partition.micro_batches(index, size) {
                    let image = start + images.start;
                    let [current, next] = &mut workspace.between;
                    let first = &x[image * input_len..][..images.len() * input_len];
                    for (k, op) in ops.iter().enumerate() {
                        let x = if k == 0 {
                            first
                        } else {
                            &current[..images.len() * op.input_len()]
                        };
                        for index in beginning_at(skips, k) {
                            workspace.skips[index].copy_from(x);
                        }
                        if let Some((index, _)) = ending_at(skips, k) {
                            std::mem::swap(
                                &mut workspace.skips[index],
                                &mut workspace.scratch.skip,
                            );
                        }
                        let y = if k + 1 == ops.len() {
                            &mut outputs[of_images(&images, output_len)]
                        } else {
                            next.size(images.len() * op.output_len())
                        };
                        let notes = &mut notes[..images.len() * op.notes_len()];
                        op.forward(Place { pass, image }, x, y, notes, &mut workspace.scratch);
                        std::mem::swap(current, next);
                    }
                }
            },
        );
        y
    }

    /// Output of all images, keeping what the backward pass needs.
    pub(super) fn train_forward(&mut self, pass: Pass) -> &[f32] {
        let batch = self.values[0].len() / self.input_len();
        let partition = Partition::of(batch);
        self.traversal = Traversal::FirstToLast;
        for k in 0..self.ops.len() {
            let len = if self.keeps(k) {
                batch * self.ops[k].output_len()
            } else {
                0
            };
            self.values[k + 1].size(len);
            self.notes[k].resize(batch * self.ops[k].notes_len(), 0);
        }
        let mut start = 0;
        for end in self.barriers().into_iter().chain([self.ops.len()]) {
            let size = self.micro_batch(start..end);
            self.forward_images(start..end, partition, size, pass);
            if end < self.ops.len() {
                let statistics_len = self.ops[end].statistics_len();
                let partials = partials(&self.workspaces, partition, size, statistics_len);
                self.ops[end].conclude(&partials);
            }
            start = end;
        }
        &self.values[self.ops.len()]
    }

    /// Sends every image through the ops of `range`, in micro-batches of `size`, and lets the op after
    /// them, if it must see all images first, observe.
    fn forward_images(
        &mut self,
        range: Range<usize>,
        partition: Partition,
        size: usize,
        pass: Pass,
    ) {
        let (ops, skips) = (&self.ops[range.clone()], &self.skips);
        let observer = self.ops.get(range.end);
        let (inputs, outputs) = self.values.split_at_mut(range.start + 1);
        let input = &inputs[range.start];
        let mut chunks: Vec<Vec<Outputs<'_>>> = (0..partition.chunks).map(|_| Vec::new()).collect();
        for ((op, values), notes) in ops.iter().zip(outputs).zip(&mut self.notes[range.clone()]) {
            let is_kept = !values.is_empty();
            let values = partition.split(values, if is_kept { op.output_len() } else { 0 });
            let notes = partition.split(notes, op.notes_len());
            for ((chunk, values), notes) in chunks.iter_mut().zip(values).zip(notes) {
                let values = is_kept.then_some(values);
                chunk.push(Outputs { values, notes });
            }
        }
        let traversal = self.traversal;
        self.traversal.reverse();
        let chunks = self.workspaces.iter_mut().zip(chunks);
        for_each_chunk(traversal, chunks, |index, (workspace, mut outputs)| {
            let start = partition.range(index).start;
            let statistics_len = observer.map_or(0, |op| op.statistics_len());
            let sums_len = partition.micro_batches(index, size).len() * statistics_len;
            workspace.sums.size(sums_len);
            for (at, images) in traversal.visit(partition.micro_batches(index, size)) {
                let image = start + images.start;
                let [current, next] = &mut workspace.between;
                let first =
                    &input[of_images(&(image..start + images.end), input.len() / partition.batch)];
                for (k, op) in ops.iter().enumerate() {
                    let (before, after) = outputs.split_at_mut(k);
                    let x = match before.last() {
                        None => first,
                        Some(Outputs {
                            values: Some(values),
                            ..
                        }) => &values[of_images(&images, op.input_len())],
                        Some(_) => &current[..images.len() * op.input_len()],
                    };
                    if let Some((_, skip)) = ending_at(skips, range.start + k) {
                        let len = op.skip_len();
                        let source = match skip.from.checked_sub(range.start + 1) {
                            // It was there before this range of ops began.
                            None => {
                                &inputs[skip.from][of_images(&(image..start + images.end), len)]
                            }
                            Some(op) => before[op]
                                .values
                                .as_deref()
                                .map_or(&[][..], |values| &values[of_images(&images, len)]),
                        };
                        workspace.scratch.skip.copy_from(source);
                    }
                    let Outputs { values, notes } = &mut after[0];
                    let notes = &mut notes[of_images(&images, op.notes_len())];
                    let place = Place { pass, image };
                    match values {
                        Some(values) => {
                            let y = &mut values[of_images(&images, op.output_len())];
                            op.forward(place, x, y, notes, &mut workspace.scratch);
                        }
                        None => {
                            let y = next.size(images.len() * op.output_len());
                            op.forward(place, x, y, notes, &mut workspace.scratch);
                            std::mem::swap(current, next);
                        }
                    }
                }
                if let (Some(op), 1..) = (observer, statistics_len) {
                    let x = match outputs.last() {
                        Some(last) => last.values.as_deref().map_or(&[][..], |values| {
                            &values[of_images(&images, op.input_len())]
                        }),
                        None => first,
                    };
                    op.observe(
                        x,
                        &mut workspace.sums[at * statistics_len..][..statistics_len],
                    );
                }
            }
        });
    }
}
