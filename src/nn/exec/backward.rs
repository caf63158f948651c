//! The backward pass of a block.

use super::block::Block;
use super::partition::{Partition, of_images};
use super::queue::for_each_chunk;
use super::skip::{beginning_at, by_chunk, ending_at};
use super::workspace::partials;
use crate::nn::layers::{Pass, Place, Saved};
use crate::simd::buffer::Buffer;
use rayon::prelude::*;
use std::ops::Range;

impl Block {
    /// Gradients of all parameters, from that of the output in `upstream`; adds the input's to `dx`.
    pub(super) fn backward(&mut self, dx: Option<&mut [f32]>, pass: Pass) -> Vec<Vec<f32>> {
        let batch = self.upstream.len() / self.output_len();
        let partition = Partition::of(batch);
        for (skip, gradient) in self.skips.iter().zip(&mut self.skip_gradients) {
            gradient.size(batch * self.ops[skip.to].skip_len());
        }
        fill_zeros(&mut self.totals);
        let totals = &self.totals;
        let workspaces = self.workspaces[..partition.chunks].iter_mut();
        for_each_chunk(self.traversal, workspaces, |_, workspace| {
            if workspace.gradients.is_empty() {
                workspace.gradients.clone_from(totals);
            } else {
                fill_zeros(&mut workspace.gradients);
            }
        });
        let mut end = self.ops.len();
        for barrier in self.barriers().into_iter().rev() {
            let size = self.micro_batch(barrier + 1..end);
            self.backward_images(barrier + 1..end, partition, size, pass, true);
            let op = &mut self.ops[barrier];
            let partials = partials(&self.workspaces, partition, size, op.statistics_len());
            op.conclude_gradient(&partials, &mut self.totals[barrier]);
            end = barrier + 1;
        }
        let size = self.micro_batch(0..end);
        self.backward_images(0..end, partition, size, pass, dx.is_some());
        if let Some(dx) = dx {
            for (total, value) in dx.iter_mut().zip(&*self.upstream) {
                *total += value;
            }
        }
        self.add_up_gradients(partition);
        let ops = self.ops.iter().zip(&mut self.totals);
        ops.flat_map(|(op, totals)| op.parameter_gradients(totals))
            .collect()
    }

    /// Adds the gradients of every chunk, in the order of the chunks, to the totals.
    fn add_up_gradients(&mut self, partition: Partition) {
        /// Values that a thread adds up at a time.
        const AT_ONCE: usize = 4096;
        let workspaces = &self.workspaces[..partition.chunks];
        for (k, totals) in self.totals.iter_mut().enumerate() {
            for (parameter, totals) in totals.iter_mut().enumerate() {
                let pieces = totals.par_chunks_mut(AT_ONCE).enumerate();
                pieces.for_each(|(piece, totals)| {
                    for workspace in workspaces {
                        let gradients = &workspace.gradients[k][parameter][piece * AT_ONCE..];
                        for (total, gradient) in totals.iter_mut().zip(gradients) {
                            *total += gradient;
                        }
                    }
                });
            }
        }
    }

    /// Sends every image's gradient from `upstream` back through the ops of `range`, last first, in
    /// micro-batches of `size`, into a new `upstream` if it is `wanted`. Lets the op before them, if it
    /// must see all gradients first, observe.
    fn backward_images(
        &mut self,
        range: Range<usize>,
        partition: Partition,
        size: usize,
        pass: Pass,
        wanted: bool,
    ) {
        let (ops, skips) = (&self.ops, &self.skips);
        let (values, notes, upstream) = (&self.values, &self.notes, &self.upstream);
        let observer = range.start.checked_sub(1);
        let statistics_len = observer.map_or(0, |k| ops[k].statistics_len());
        let input_len = ops.get(range.start).map_or(0, |op| op.input_len());
        let writes = wanted && !range.is_empty();
        let written_len = if writes { input_len } else { 0 };
        self.downstream.size(partition.batch * written_len);
        let downstream = partition.split(&mut self.downstream, written_len);
        let skip_gradients = by_chunk(skips, &mut self.skip_gradients, ops, partition);
        let saved = |k: usize, images: &Range<usize>| {
            let op = &ops[k];
            let x = of_images(images, op.input_len());
            let y = of_images(images, op.output_len());
            Saved {
                x: if op.needs_input() { &values[k][x] } else { &[] },
                y: if op.needs_output() {
                    &values[k + 1][y]
                } else {
                    &[]
                },
                notes: &notes[k][of_images(images, op.notes_len())],
                dy: &[],
            }
        };
        let traversal = self.traversal;
        self.traversal.reverse();
        let chunks = self.workspaces.iter_mut().zip(downstream);
        let chunks = chunks.zip(skip_gradients);
        for_each_chunk(
            traversal,
            chunks,
            |index, ((workspace, downstream), mut skip_gradients)| {
                let start = partition.range(index).start;
                let sums_len = partition.micro_batches(index, size).len() * statistics_len;
                workspace.sums.size(sums_len);
                for (at, local) in traversal.visit(partition.micro_batches(index, size)) {
                    let images = start + local.start..start + local.end;
                    let place = Place {
                        pass,
                        image: images.start,
                    };
                    let [current, next] = &mut workspace.between;
                    let top = &upstream[of_images(&images, upstream.len() / partition.batch)];
                    for k in range.clone().rev() {
                        let op = &ops[k];
                        let dy = if k + 1 == range.end {
                            top
                        } else {
                            &current[..local.len() * op.output_len()]
                        };
                        let mut dx = if k > range.start {
                            Some(next.size(local.len() * op.input_len()))
                        } else if writes {
                            Some(&mut downstream[of_images(&local, input_len)])
                        } else {
                            None
                        };
                        let ending = ending_at(skips, k);
                        if let Some((_, skip)) = ending {
                            let source = &values[skip.from][of_images(&images, op.skip_len())];
                            workspace.scratch.skip.copy_from(source);
                        }
                        let saved = Saved {
                            dy,
                            ..saved(k, &images)
                        };
                        let gradients = &mut workspace.gradients[k];
                        op.backward(
                            place,
                            saved,
                            dx.as_deref_mut(),
                            &mut workspace.scratch,
                            gradients,
                        );
                        if let Some((skip, _)) = ending {
                            let gradient =
                                &mut skip_gradients[skip][of_images(&local, op.skip_len())];
                            gradient.copy_from_slice(
                                &workspace.scratch.skip_gradient[..gradient.len()],
                            );
                        }
                        if let Some(dx) = dx {
                            for skip in beginning_at(skips, k) {
                                let gradient =
                                    &skip_gradients[skip][of_images(&local, op.input_len())];
                                for (dx, gradient) in dx.iter_mut().zip(gradient) {
                                    *dx += gradient;
                                }
                            }
                        }
                        std::mem::swap(current, next);
                    }
                    if let (Some(k), 1..) = (observer, statistics_len) {
                        let dy = if range.is_empty() {
                            top
                        } else {
                            &downstream[of_images(&local, input_len)]
                        };
                        let saved = Saved {
                            dy,
                            ..saved(k, &images)
                        };
                        let sums = &mut workspace.sums[at * statistics_len..][..statistics_len];
                        ops[k].observe_gradient(saved, sums);
                    }
                }
            },
        );
        if writes {
            std::mem::swap(&mut self.upstream, &mut self.downstream);
        }
    }
}

fn fill_zeros(gradients: &mut [Vec<Buffer>]) {
    for values in gradients.iter_mut().flatten() {
        values.fill(0.0);
    }
}
