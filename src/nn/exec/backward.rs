//! The backward pass of a block.

use super::block::Block;
use super::partition::{Partition, of_images};
use super::queue::for_each_chunk;
use super::skip::{beginning_at, by_chunk, ending_at};
use super::stage::Stage;
use super::workspace::partials;
use crate::nn::layers::{Pass, Place, Saved};
use crate::nn::parameter::Parameter;
use crate::nn::profile::Direction;
use crate::parallel::Metered;
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

impl Block {
    /// Writes the `gradients` of all parameters, from that of the output in `upstream`; leaves the
    /// input's there if it is wanted.
    pub(super) fn backward(
        &mut self,
        parameters: &[Parameter],
        gradients: &mut [Buffer],
        pass: Pass,
    ) {
        let batch = self.upstream.len() / self.output_len();
        let partition = Partition::of(batch);
        for (skip, gradient) in self.skips.iter().zip(&mut self.skip_gradients) {
            gradient.size(batch * self.ops[skip.to].skip_len());
        }
        let totals = &self.totals;
        for workspace in &mut self.workspaces[..partition.chunks] {
            if workspace.gradients.is_empty() {
                workspace.gradients.clone_from(totals);
            }
        }
        let recorder = Arc::clone(&self.recorder);
        for stage in self.backward_stages() {
            match stage {
                Stage::Images { ops, observer } => {
                    let size = self.micro_batch(ops.clone());
                    self.backward_images(ops.clone(), observer, partition, size, parameters, pass);
                    self.add_up_gradients(partition, ops);
                    if let Some(k) = observer {
                        let op = &mut self.ops[k];
                        let statistics_len = op.statistics_len();
                        let partials = partials(&self.workspaces, partition, size, statistics_len);
                        let conclude = || op.conclude_gradient(&partials, &mut self.totals[k]);
                        recorder.op(k, Direction::Backward, conclude);
                    }
                }
                Stage::WholeBatch(k) => self.backward_whole_batch(k, parameters, gradients, pass),
            }
        }
        for (k, op) in self.ops.iter().enumerate() {
            if !op.takes_whole_batch() {
                let gradients = &mut gradients[self.parameters[k].clone()];
                let write = || op.write_gradients(&self.totals[k], gradients);
                recorder.op(k, Direction::Backward, write);
            }
        }
    }

    /// The backward pass of an op that takes the whole batch.
    fn backward_whole_batch(
        &mut self,
        k: usize,
        parameters: &[Parameter],
        gradients: &mut [Buffer],
        pass: Pass,
    ) {
        let op = &self.ops[k];
        let writes = k > self.first || self.traces_input;
        let batch = self.upstream.len() / op.output_len();
        let dx = match writes {
            true => Some(self.downstream.size(batch * op.input_len())),
            false => None,
        };
        let range = self.parameters[k].clone();
        let place = Place {
            pass,
            image: 0,
            parameters: &parameters[range.clone()],
        };
        let saved = Saved {
            x: if op.needs_input() {
                &self.values[k]
            } else {
                &[]
            },
            y: if op.needs_output() {
                &self.values[k + 1]
            } else {
                &[]
            },
            notes: &self.notes[k],
            dy: &self.upstream,
        };
        let scratch = &mut self.workspaces[0].scratch;
        self.recorder.op(k, Direction::Backward, || {
            op.backward(place, saved, dx, scratch, &mut gradients[range]);
        });
        if writes {
            for skip in beginning_at(&self.skips, k) {
                let gradient = &self.skip_gradients[skip];
                let pieces = self.downstream.par_chunks_mut(AT_ONCE);
                let pieces = pieces.zip(gradient.par_chunks(AT_ONCE));
                self.recorder.op(k, Direction::Backward, || {
                    pieces.for_each_metered(|(dx, gradient)| add(dx, gradient));
                });
            }
            std::mem::swap(&mut self.upstream, &mut self.downstream);
        }
    }

    /// Adds the gradients of every chunk, in the order of the chunks, to the totals of these ops.
    fn add_up_gradients(&mut self, partition: Partition, ops: Range<usize>) {
        let workspaces = &self.workspaces[..partition.chunks];
        let mut pieces = Vec::new();
        for (k, totals) in ops.clone().zip(&mut self.totals[ops]) {
            // What an observer has concluded is the total already.
            if self.ops[k].statistics_len() > 0 {
                continue;
            }
            for (parameter, totals) in totals.iter_mut().enumerate() {
                for (piece, totals) in totals.chunks_mut(AT_ONCE).enumerate() {
                    pieces.push((k, parameter, piece * AT_ONCE, totals));
                }
            }
        }
        let recorder = &self.recorder;
        let add_up = |(k, parameter, start, totals): (usize, usize, usize, &mut [f32])| {
            let mut laps = recorder.laps(Direction::Backward);
            for (chunk, workspace) in workspaces.iter().enumerate() {
                let gradients = &workspace.gradients[k][parameter][start..];
                let gradients = &gradients[..totals.len()];
                match chunk {
                    0 => totals.copy_from_slice(gradients),
                    _ => add(totals, gradients),
                }
            }
            laps.end(k);
        };
        recorder.shared(|| pieces.into_par_iter().for_each(add_up));
    }

    /// Sends every image's gradient from `upstream` back through the ops of `range`, last first, in
    /// micro-batches of `size`, into a new `upstream` if it is wanted. Lets the observer look at what
    /// comes out.
    fn backward_images(
        &mut self,
        range: Range<usize>,
        observer: Option<usize>,
        partition: Partition,
        size: usize,
        parameters: &[Parameter],
        pass: Pass,
    ) {
        let (ops, skips) = (&self.ops, &self.skips);
        let (values, notes, upstream) = (&self.values, &self.notes, &self.upstream);
        let ranges = &self.parameters;
        let statistics_len = observer.map_or(0, |k| ops[k].statistics_len());
        let input_len = ops.get(range.start).map_or(0, |op| op.input_len());
        let wanted = range.start > self.first || self.traces_input;
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
        let (traversal, clock) = (self.traversal, &self.recorder);
        self.traversal.reverse();
        let chunks = self.workspaces.iter_mut().zip(downstream);
        let chunks = chunks.zip(skip_gradients);
        for_each_chunk(
            clock,
            traversal,
            chunks,
            |index, ((workspace, downstream), mut skip_gradients)| {
                let mut laps = clock.laps(Direction::Backward);
                let start = partition.range(index).start;
                let sums_len = partition.micro_batches(index, size).len() * statistics_len;
                workspace.sums.size(sums_len);
                for gradients in workspace.gradients[range.clone()].iter_mut().flatten() {
                    gradients.fill(0.0);
                }
                for (at, local) in traversal.visit(partition.micro_batches(index, size)) {
                    let images = start + local.start..start + local.end;
                    let [current, next] = &mut workspace.between;
                    let top = &upstream[of_images(&images, upstream.len() / partition.batch)];
                    for k in range.clone().rev() {
                        let op = &ops[k];
                        let place = Place {
                            pass,
                            image: images.start,
                            parameters: &parameters[ranges[k].clone()],
                        };
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
                                add(dx, gradient);
                            }
                        }
                        std::mem::swap(current, next);
                        laps.end(k);
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
                        laps.end(k);
                    }
                }
            },
        );
        if writes {
            std::mem::swap(&mut self.upstream, &mut self.downstream);
        }
    }
}

/// Values that a thread adds up at a time.
const AT_ONCE: usize = 4096;

/// `to += values`.
fn add(to: &mut [f32], values: &[f32]) {
    on_vectors!(Arch::new(), {
        for (to, value) in to.iter_mut().zip(values) {
            *to += value;
        }
    });
}
