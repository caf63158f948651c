//! The gradients' way back.

use super::Block;
use super::shards::{chunks, of_images, partials, shard_range, split_shards};
use crate::nn::ops::{Op, Pass, Place, Saved, sized};
use rayon::prelude::*;
use std::ops::Range;

impl Block {
    /// Gradients of all parameters, from that of the output in `upstream`; adds the input's to `dx`.
    pub(super) fn backward(&mut self, dx: Option<&mut [f32]>, pass: Pass) -> Vec<Vec<f32>> {
        let batch = self.upstream.len() / self.output_len();
        fill_zeros(&mut self.totals);
        let totals = &self.totals;
        self.shards.par_iter_mut().for_each(|shard| {
            if shard.gradients.is_empty() {
                shard.gradients.clone_from(totals);
            } else {
                fill_zeros(&mut shard.gradients);
            }
        });
        let mut end = self.ops.len();
        for barrier in self.barriers().into_iter().rev() {
            self.backward_images(barrier + 1..end, batch, pass, true);
            let op = &mut self.ops[barrier];
            let partials = partials(&self.shards, batch, op.statistics_len());
            op.conclude_gradient(&partials, &mut self.totals[barrier]);
            end = barrier + 1;
        }
        self.backward_images(0..end, batch, pass, dx.is_some());
        if let Some(dx) = dx {
            for (total, value) in dx.iter_mut().zip(&self.upstream) {
                *total += value;
            }
        }
        self.add_up_gradients();
        let ops = self.ops.iter().zip(&mut self.totals);
        ops.flat_map(|(op, totals)| op.parameter_gradients(totals))
            .collect()
    }

    /// Adds what every shard has gathered, in the order of the shards, to the totals.
    fn add_up_gradients(&mut self) {
        const AT_ONCE: usize = 4096;
        let shards = &self.shards;
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
    fn backward_images(&mut self, range: Range<usize>, batch: usize, pass: Pass, wanted: bool) {
        let ops = &self.ops;
        let (values, notes, upstream) = (&self.values, &self.notes, &self.upstream);
        let observer = range.start.checked_sub(1);
        let statistics_len = observer.map_or(0, |k| ops[k].statistics_len());
        let input_len = ops.get(range.start).map_or(0, |op| op.input_len());
        let writes = wanted && !range.is_empty();
        self.downstream
            .resize(if writes { batch * input_len } else { 0 }, 0.0);
        let parts = split_shards(
            &mut self.downstream,
            if writes { batch } else { 0 },
            input_len,
        );
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
        let shards = direction.shards(self.shards.iter_mut().zip(parts));
        shards.for_each(|(index, (shard, downstream))| {
            let start = shard_range(index, batch).start;
            sized(&mut shard.sums, chunks(index, batch).len() * statistics_len);
            for (chunk, local) in direction.walk(chunks(index, batch)) {
                let images = start + local.start..start + local.end;
                let place = Place {
                    pass,
                    image: images.start,
                };
                let [current, next] = &mut shard.between;
                let top = &upstream[of_images(&images, upstream.len() / batch)];
                for k in range.clone().rev() {
                    let op = &ops[k];
                    let dy = if k + 1 == range.end {
                        top
                    } else {
                        &current[..local.len() * op.output_len()]
                    };
                    let dx = if k > range.start {
                        Some(sized(next, local.len() * op.input_len()))
                    } else if writes {
                        Some(&mut downstream[of_images(&local, input_len)])
                    } else {
                        None
                    };
                    let saved = Saved {
                        dy,
                        ..saved(k, &images)
                    };
                    let gradients = &mut shard.gradients[k];
                    op.backward(place, saved, dx, &mut shard.scratch, gradients);
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

fn fill_zeros(gradients: &mut [Vec<Vec<f32>>]) {
    for values in gradients.iter_mut().flatten() {
        values.fill(0.0);
    }
}

/// What the op adds its weight gradients to.
pub(super) fn zeros(op: &dyn Op) -> Vec<Vec<f32>> {
    let lens = op.gradient_lens();
    lens.into_iter().map(|len| vec![0.0; len]).collect()
}
