//! The images' way through the layers.

use super::Block;
use super::bridge::{beginning_at, ending_at};
use super::shards::{Cut, Direction, of_images};
use crate::nn::layers::{Pass, Place};
use crate::simd::buffer::Buffer;
use std::ops::Range;

/// One shard's part of what an op leaves behind.
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
        let at_once = self.at_once(0..self.ops.len());
        let (ops, bridges) = (&self.ops, &self.bridges);
        let batch = self.values[0].len() / input_len;
        let cut = Cut::of(batch);
        let (x, y) = self.values.split_at_mut(ops.len());
        let (x, y) = (&x[0], &mut y[0]);
        y.size(batch * output_len);
        let notes_len = ops.iter().map(|op| op.notes_len()).max().unwrap_or(0);
        let pass = Pass::Evaluate;
        let shards = self.shards.iter_mut().zip(cut.split(y, output_len));
        Direction::To.for_each_shard(shards, |index, (shard, outputs)| {
            let start = cut.range(index).start;
            let mut notes = vec![0; at_once * notes_len];
            shard.over.resize_with(bridges.len(), Buffer::default);
            for images in cut.chunks(index, at_once) {
                let image = start + images.start;
                let [current, next] = &mut shard.between;
                let first = &x[image * input_len..][..images.len() * input_len];
                for (k, op) in ops.iter().enumerate() {
                    let x = if k == 0 {
                        first
                    } else {
                        &current[..images.len() * op.input_len()]
                    };
                    for index in beginning_at(bridges, k) {
                        shard.over[index].copy_from(x);
                    }
                    if let Some((index, _)) = ending_at(bridges, k) {
                        std::mem::swap(&mut shard.over[index], &mut shard.scratch.skip);
                    }
                    let y = if k + 1 == ops.len() {
                        &mut outputs[of_images(&images, output_len)]
                    } else {
                        next.size(images.len() * op.output_len())
                    };
                    let notes = &mut notes[..images.len() * op.notes_len()];
                    op.forward(Place { pass, image }, x, y, notes, &mut shard.scratch);
                    std::mem::swap(current, next);
                }
            }
        });
        y
    }

    /// Output of all images, keeping what the backward pass needs.
    pub(super) fn train_forward(&mut self, pass: Pass) -> &[f32] {
        let batch = self.values[0].len() / self.input_len();
        let cut = Cut::of(batch);
        self.direction = Direction::To;
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
            let at_once = self.at_once(start..end);
            self.forward_images(start..end, cut, at_once, pass);
            if end < self.ops.len() {
                let statistics_len = self.ops[end].statistics_len();
                let partials = cut.partials(&self.shards, at_once, statistics_len);
                self.ops[end].conclude(&partials);
            }
            start = end;
        }
        &self.values[self.ops.len()]
    }

    /// Sends every image through the ops of `range` and lets the op behind them, if it must see all
    /// images first, observe.
    fn forward_images(&mut self, range: Range<usize>, cut: Cut, at_once: usize, pass: Pass) {
        let (ops, bridges) = (&self.ops[range.clone()], &self.bridges);
        let observer = self.ops.get(range.end);
        let (inputs, outputs) = self.values.split_at_mut(range.start + 1);
        let input = &inputs[range.start];
        let mut parts: Vec<Vec<Outputs<'_>>> = (0..cut.parts).map(|_| Vec::new()).collect();
        for ((op, values), notes) in ops.iter().zip(outputs).zip(&mut self.notes[range.clone()]) {
            let is_kept = !values.is_empty();
            let values = cut.split(values, if is_kept { op.output_len() } else { 0 });
            let notes = cut.split(notes, op.notes_len());
            for ((part, values), notes) in parts.iter_mut().zip(values).zip(notes) {
                let values = is_kept.then_some(values);
                part.push(Outputs { values, notes });
            }
        }
        let direction = self.direction;
        self.direction.turn();
        let shards = self.shards.iter_mut().zip(parts);
        direction.for_each_shard(shards, |index, (shard, mut outputs)| {
            let start = cut.range(index).start;
            let statistics_len = observer.map_or(0, |op| op.statistics_len());
            let sums_len = cut.chunks(index, at_once).len() * statistics_len;
            shard.sums.size(sums_len);
            for (chunk, images) in direction.walk(cut.chunks(index, at_once)) {
                let image = start + images.start;
                let [current, next] = &mut shard.between;
                let first =
                    &input[of_images(&(image..start + images.end), input.len() / cut.batch)];
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
                    if let Some((_, bridge)) = ending_at(bridges, range.start + k) {
                        let len = op.skip_len();
                        let source = match bridge.from.checked_sub(range.start + 1) {
                            // It was there before this range of ops began.
                            None => {
                                &inputs[bridge.from][of_images(&(image..start + images.end), len)]
                            }
                            Some(at) => before[at]
                                .values
                                .as_deref()
                                .map_or(&[][..], |values| &values[of_images(&images, len)]),
                        };
                        shard.scratch.skip.copy_from(source);
                    }
                    let Outputs { values, notes } = &mut after[0];
                    let notes = &mut notes[of_images(&images, op.notes_len())];
                    let place = Place { pass, image };
                    match values {
                        Some(values) => {
                            let y = &mut values[of_images(&images, op.output_len())];
                            op.forward(place, x, y, notes, &mut shard.scratch);
                        }
                        None => {
                            let y = next.size(images.len() * op.output_len());
                            op.forward(place, x, y, notes, &mut shard.scratch);
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
                        &mut shard.sums[chunk * statistics_len..][..statistics_len],
                    );
                }
            }
        });
    }
}
