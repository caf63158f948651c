//! The forward pass of a block.

use super::block::{Block, pass_of};
use super::partition::{Partition, of_images};
use super::queue::for_each_chunk;
use super::skip::{beginning_at, ending_at};
use super::stage::Stage;
use super::traversal::Traversal;
use super::workspace::partials;
use crate::nn::layers::{Pass, Place};
use crate::nn::parameter::Parameter;
use crate::nn::profile::Direction;
use crate::simd::buffer::Buffer;
use std::ops::Range;
use std::sync::Arc;

/// What an op leaves of one chunk.
struct Outputs<'a> {
    /// The values, where they are kept.
    values: Option<&'a mut [f32]>,
    /// For the backward pass; empty in evaluation.
    notes: &'a mut [u8],
}

impl Block {
    /// The output of all images in `values[0]`, with the parameters that the block was
    /// [prepared](Self::prepare) with. Training keeps what the backward pass needs.
    pub(super) fn forward(&mut self, parameters: &[Parameter], pass: Pass) -> &[f32] {
        let batch = self.values[0].len() / self.input_len();
        let trains = pass != Pass::Evaluate;
        for k in 0..self.ops.len() {
            let op = &self.ops[k];
            let (output_len, notes_len) = (op.output_len(), op.notes_len());
            let is_kept = if trains {
                self.keeps(k)
            } else {
                self.keeps_to_evaluate(k)
            };
            self.values[k + 1].size(if is_kept { batch * output_len } else { 0 });
            let notes = trains && k >= self.frozen;
            self.notes[k].resize(if notes { batch * notes_len } else { 0 }, 0);
        }
        let evaluating = if trains { self.frozen } else { self.ops.len() };
        for op in &mut self.ops[..evaluating] {
            op.use_running_statistics();
        }
        let partition = Partition::of(batch);
        self.traversal = Traversal::FirstToLast;
        let stages = self.forward_stages(trains);
        let recorder = Arc::clone(&self.recorder);
        for stage in stages {
            match stage {
                Stage::Images { ops, observer } => {
                    let size = self.micro_batch(ops.clone());
                    self.forward_images(ops, observer, partition, size, parameters, pass);
                    if let Some(k) = observer {
                        let op = &mut self.ops[k];
                        let statistics_len = op.statistics_len();
                        let partials = partials(&self.workspaces, partition, size, statistics_len);
                        recorder.op(k, Direction::Forward, || op.conclude(&partials));
                    }
                }
                Stage::WholeBatch(k) => {
                    let (inputs, outputs) = self.values.split_at_mut(k + 1);
                    let scratch = &mut self.workspaces[0].scratch;
                    let place = Place {
                        pass: pass_of(k, self.frozen, pass),
                        image: 0,
                        parameters: &parameters[self.parameters[k].clone()],
                    };
                    let (x, y) = (&inputs[k], &mut outputs[0]);
                    let (op, notes) = (&self.ops[k], &mut self.notes[k]);
                    let forward = || op.forward(place, x, y, notes, scratch);
                    recorder.op(k, Direction::Forward, forward);
                }
            }
        }
        &self.values[self.ops.len()]
    }

    /// Sends every image through the ops of `range`, in micro-batches of `size`, and lets the observer
    /// look at what comes out.
    fn forward_images(
        &mut self,
        range: Range<usize>,
        observer: Option<usize>,
        partition: Partition,
        size: usize,
        parameters: &[Parameter],
        pass: Pass,
    ) {
        let (ops, skips) = (&self.ops[range.clone()], &self.skips);
        let ranges = &self.parameters[range.clone()];
        let observer = observer.map(|k| (k, &self.ops[k]));
        let frozen = self.frozen;
        let (inputs, outputs) = self.values.split_at_mut(range.start + 1);
        let input = &inputs[range.start];
        let mut chunks: Vec<Vec<Outputs<'_>>> = (0..partition.chunks).map(|_| Vec::new()).collect();
        for ((op, values), notes) in ops.iter().zip(outputs).zip(&mut self.notes[range.clone()]) {
            let is_kept = !values.is_empty();
            let values = partition.split(values, if is_kept { op.output_len() } else { 0 });
            let notes_len = if notes.is_empty() { 0 } else { op.notes_len() };
            let notes = partition.split(notes, notes_len);
            for ((chunk, values), notes) in chunks.iter_mut().zip(values).zip(notes) {
                let values = is_kept.then_some(values);
                chunk.push(Outputs { values, notes });
            }
        }
        let (traversal, clock) = (self.traversal, &self.recorder);
        self.traversal.reverse();
        let chunks = self.workspaces.iter_mut().zip(chunks);
        for_each_chunk(clock, traversal, chunks, |index, (workspace, outputs)| {
            let mut outputs = outputs;
            let mut laps = clock.laps(Direction::Forward);
            let start = partition.range(index).start;
            let statistics_len = observer.map_or(0, |(_, op)| op.statistics_len());
            let sums_len = partition.micro_batches(index, size).len() * statistics_len;
            workspace.sums.size(sums_len);
            workspace.skips.resize_with(skips.len(), Buffer::default);
            for (at, images) in traversal.visit(partition.micro_batches(index, size)) {
                let image = start + images.start;
                let [current, next] = &mut workspace.between;
                let of_batch = image..start + images.end;
                let first = &input[of_images(&of_batch, input.len() / partition.batch)];
                for (k, op) in ops.iter().enumerate() {
                    let (before, after) = outputs.split_at_mut(k);
                    let x = match before.last() {
                        None => first,
                        Some(Outputs {
                            values: Some(values),
                            ..
                        }) => &values[of_images(&images, op.input_len())],
                        Some(_) => {
                            let x = &current[..images.len() * op.input_len()];
                            for index in beginning_at(skips, range.start + k) {
                                workspace.skips[index].copy_from(x);
                            }
                            x
                        }
                    };
                    if let Some((index, skip)) = ending_at(skips, range.start + k) {
                        let len = op.skip_len();
                        let source = match skip.from.checked_sub(range.start + 1) {
                            // It was there before this range of ops began.
                            None => &inputs[skip.from][of_images(&of_batch, len)],
                            Some(op) => match before[op].values.as_deref() {
                                Some(values) => &values[of_images(&images, len)],
                                None => &workspace.skips[index],
                            },
                        };
                        workspace.scratch.skip.copy_from(source);
                    }
                    let Outputs { values, notes } = &mut after[0];
                    let notes_len = images.len() * op.notes_len();
                    let notes = match notes.is_empty() {
                        true => {
                            workspace.notes.resize(notes_len, 0);
                            &mut workspace.notes[..]
                        }
                        false => &mut notes[of_images(&images, op.notes_len())],
                    };
                    let place = Place {
                        pass: pass_of(range.start + k, frozen, pass),
                        image,
                        parameters: &parameters[ranges[k].clone()],
                    };
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
                    laps.end(range.start + k);
                }
                if let (Some((k, op)), 1..) = (observer, statistics_len) {
                    let x = match outputs.last() {
                        Some(last) => last.values.as_deref().map_or(&[][..], |values| {
                            &values[of_images(&images, op.input_len())]
                        }),
                        None => first,
                    };
                    let sums = &mut workspace.sums[at * statistics_len..][..statistics_len];
                    op.observe(x, sums);
                    laps.end(k);
                }
            }
        });
    }
}
