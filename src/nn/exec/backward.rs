//! The gradients' way back.

use super::Block;
use super::bridge::{beginning_at, ending_at, of_shards};
use super::shards::{Cut, of_images};
use crate::nn::layers::{Op, Pass, Place, Saved};
use crate::simd::buffer::Buffer;
use rayon::prelude::*;
use std::ops::Range;

impl Block {
    /// Gradients of all parameters, from that of the output in `upstream`; adds the input's to `dx`.
    pub(super) fn backward(&mut self, dx: Option<&mut [f32]>, pass: Pass) -> Vec<Vec<f32>> {
        let batch = self.upstream.len() / self.output_len();
        let cut = Cut::of(batch);
        self.size_bridge_gradients(batch);
        fill_zeros(&mut self.totals);
        let totals = &self.totals;
        let shards = self.shards[..cut.parts].iter_mut();
        self.direction.for_each_shard(shards, |_, shard| {
            if shard.gradients.is_empty() {
                shard.gradients.clone_from(totals);
            } else {
                fill_zeros(&mut shard.gradients);
            }
        });
        let mut end = self.ops.len();
        for barrier in self.barriers().into_iter().rev() {
            let at_once = self.at_once(barrier + 1..end);
            self.backward_images(barrier + 1..end, cut, at_once, pass, true);
            let op = &mut self.ops[barrier];
            let partials = cut.partials(&self.shards, at_once, op.statistics_len());
            op.conclude_gradient(&partials, &mut self.totals[barrier]);
            end = barrier + 1;
        }
        let at_once = self.at_once(0..end);
        self.backward_images(0..end, cut, at_once, pass, dx.is_some());
        if let Some(dx) = dx {
            for (total, value) in dx.iter_mut().zip(&*self.upstream) {
                *total += value;
            }
        }
        self.add_up_gradients(cut);
        let ops = self.ops.iter().zip(&mut self.totals);
        ops.flat_map(|(op, totals)| op.parameter_gradients(totals))
            .collect()
    }

    /// Adds what every shard has gathered, in the order of the shards, to the totals.
    fn add_up_gradients(&mut self, cut: Cut) {
        const AT_ONCE: usize = 4096;
        let shards = &self.shards[..cut.parts];
        for (k, totals) in self.totals.iter_mut().enumerate() {
            for (parameter, totals) in totals.iter_mut().enumerate() {
                let chunks = totals.par_chunks_mut(AT_ONCE).enumerate();
                chunks.for_each(|(chunk, totals)| {
                    for shard in shards {
                        let parts = &shard.gradients[k][parameter][chunk * AT_ONCE..];
                        for (total, part) in totals.iter_mut().zip(parts) {
                            *total += part;
                        }
                    }
                });
            }
        }
    }

    /// Sends every image's gradient from `upstream` back through the ops of `range`, last first, into
    /// a new `upstream` if it is `wanted`, and lets the op before them, if it must see all gradients
    /// first, observe.
    fn backward_images(
        &mut self,
        range: Range<usize>,
        cut: Cut,
        at_once: usize,
        pass: Pass,
        wanted: bool,
    ) {
        let (ops, bridges) = (&self.ops, &self.bridges);
        let (values, notes, upstream) = (&self.values, &self.notes, &self.upstream);
        let observer = range.start.checked_sub(1);
        let statistics_len = observer.map_or(0, |k| ops[k].statistics_len());
        let input_len = ops.get(range.start).map_or(0, |op| op.input_len());
        let writes = wanted && !range.is_empty();
        let written_len = if writes { input_len } else { 0 };
        self.downstream.size(cut.batch * written_len);
        let parts = cut.split(&mut self.downstream, written_len);
        let over = of_shards(bridges, &mut self.bridge_gradients, ops, cut);
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
        let direction = self.direction;
        self.direction.turn();
        let shards = self.shards.iter_mut().zip(parts).zip(over);
        direction.for_each_shard(shards, |index, ((shard, downstream), mut over)| {
            let start = cut.range(index).start;
            let sums_len = cut.chunks(index, at_once).len() * statistics_len;
            shard.sums.size(sums_len);
            for (chunk, local) in direction.walk(cut.chunks(index, at_once)) {
                let images = start + local.start..start + local.end;
                let place = Place {
                    pass,
                    image: images.start,
                };
                let [current, next] = &mut shard.between;
                let top = &upstream[of_images(&images, upstream.len() / cut.batch)];
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
                    let ending = ending_at(bridges, k);
                    if let Some((_, bridge)) = ending {
                        let source = &values[bridge.from][of_images(&images, op.skip_len())];
                        shard.scratch.skip.copy_from(source);
                    }
                    let saved = Saved {
                        dy,
                        ..saved(k, &images)
                    };
                    let gradients = &mut shard.gradients[k];
                    op.backward(
                        place,
                        saved,
                        dx.as_deref_mut(),
                        &mut shard.scratch,
                        gradients,
                    );
                    if let Some((bridge, _)) = ending {
                        let gradient = &mut over[bridge][of_images(&local, op.skip_len())];
                        gradient.copy_from_slice(&shard.scratch.skip_gradient[..gradient.len()]);
                    }
                    if let Some(dx) = dx {
                        for bridge in beginning_at(bridges, k) {
                            let gradient = &over[bridge][of_images(&local, op.input_len())];
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
                    let sums = &mut shard.sums[chunk * statistics_len..][..statistics_len];
                    ops[k].observe_gradient(saved, sums);
                }
            }
        });
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

/// What the op adds its weight gradients to.
pub(super) fn zeros(op: &dyn Op) -> Vec<Buffer> {
    let lens = op.gradient_lens();
    lens.into_iter().map(Buffer::zeros).collect()
}
