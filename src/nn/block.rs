//! A run of consecutive layers as one operation on dfdx's tape.
//!
//! Activations cross dfdx's border once per block. Within it every image goes through as many layers
//! as possible while it is in the cache; only batch norm needs all images before it can go on, and
//! gathers what it needs of each while it is there.
//!
//! The batch is cut into [`SHARDS`] parts that threads pick up. Each part adds up its own weight
//! gradients and the parts are summed in their order, so that the result does not depend on which
//! thread did what, nor on how many there are.

use super::NnError;
use super::ops::{Op, Partial, Pass, Place, RunningStatistics, Saved, Scratch, sized};
use super::parameter::{GradientStore, Parameter, tensor_of};
use dfdx::prelude::*;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Parts a batch is cut into: enough for an even load on any laptop, few enough that their weight
/// gradients stay small.
const SHARDS: usize = 16;

/// Images that go through a run of layers together: few, so that their values stay in the cache.
const IMAGES_AT_ONCE: usize = 1;

/// Consecutive layers of ours, with the buffers they work in.
pub struct Block {
    ops: Vec<Box<dyn Op>>,
    /// Whether anything before the block can be trained. Without it the first op's input gradient,
    /// which nobody would read, is not computed.
    propagates: bool,
    /// `values[0]` is the input `[batch, len]`, `values[k + 1]` the output of op `k` where someone
    /// will read it, filled by training passes only.
    values: Vec<Vec<f32>>,
    /// What op `k` noted for its backward pass, `[batch, notes_len]`.
    notes: Vec<Vec<u8>>,
    /// Gradients at the place the backward pass has reached and at the one it goes to next.
    upstream: Vec<f32>,
    downstream: Vec<f32>,
    /// Gradients `[op][parameter][value]` of the whole batch, as the ops add them up.
    totals: Vec<Vec<Vec<f32>>>,
    /// The direction of the next walk over the batch.
    direction: Direction,
    shards: Vec<Shard>,
}

/// What one part of the batch needs for itself.
#[derive(Default)]
struct Shard {
    scratch: Scratch,
    /// Values or gradients between two ops of some images.
    between: [Vec<f32>; 2],
    /// Gradients `[op][parameter][value]`, as the ops add them up.
    gradients: Vec<Vec<Vec<f32>>>,
    /// Sums that an op gathers over the batch, some images after the other.
    sums: Vec<f32>,
}

/// Puts the block on the tape of `x` `[batch, input_len]` and returns its output
/// `[batch, output_len]`. `parameters` are those of its ops, in their order.
///
/// # Errors
/// When memory runs out.
pub fn apply<T: Tape<f32, Cpu>>(
    block: &Arc<Mutex<Block>>,
    x: Tensor<(usize, usize), f32, Cpu, T>,
    parameters: &[Parameter],
    pass: Pass,
) -> Result<Tensor<(usize, usize), f32, Cpu, T>, NnError> {
    let (x, mut tape) = x.split_tape();
    let batch = x.shape().0;
    let mut working = lock(block);
    working.load(parameters, pass);
    working.values[0].resize(x.shape().num_elements(), 0.0);
    x.copy_into(&mut working.values[0]);
    let output = match pass {
        Pass::Evaluate => working.evaluate(),
        Pass::Train { .. } => working.train_forward(pass),
    };
    let y = tensor_of(x.device(), output, (batch, output.len() / batch))?;
    drop(working);
    let (x_ghost, y_ghost) = (x.ghost(), y.ghost());
    let (block, parameters) = (Arc::clone(block), parameters.to_vec());
    tape.add_backward_op(move |gradients| {
        let mut working = lock(&block);
        // Copied, so that the gradient's memory goes back to where dfdx keeps it for the next step.
        let dy = gradients.get_or_alloc_mut(&y_ghost)?;
        working.upstream.clear();
        working.upstream.extend_from_slice(dy);
        let dx = if working.propagates {
            let dx = gradients.get_or_alloc_mut(&x_ghost)?;
            Some(dx.as_mut_slice())
        } else {
            None
        };
        let parameter_gradients = working.backward(dx, pass);
        add_to_store(gradients, &parameters, &parameter_gradients)
    });
    Ok(y.put_tape(tape))
}

/// The output of the block for one image in evaluation mode, having pushed that of every layer of the
/// spec, in the ops' layout.
pub fn trace(
    block: &Mutex<Block>,
    x: &[f32],
    parameters: &[Parameter],
    outputs: &mut Vec<Vec<f32>>,
) -> Vec<f32> {
    let mut working = lock(block);
    working.load(parameters, Pass::Evaluate);
    for op in &mut working.ops {
        op.use_running_statistics();
    }
    let ops = working.ops.iter();
    ops.fold(x.to_vec(), |x, op| op.trace(&x, outputs))
}

fn add_to_store(
    gradients: &mut GradientStore,
    parameters: &[Parameter],
    values: &[Vec<f32>],
) -> Result<(), CpuError> {
    for (parameter, values) in parameters.iter().zip(values) {
        let entry = parameter.tensor.entry(gradients)?;
        for (total, value) in entry.iter_mut().zip(values) {
            *total += value;
        }
    }
    Ok(())
}

/// A panic in another thread leaves numbers behind, not broken invariants: the next pass overwrites
/// them all.
pub fn lock(block: &Mutex<Block>) -> MutexGuard<'_, Block> {
    block.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The part of `0..batch` that belongs to shard `index`.
fn shard_range(index: usize, batch: usize) -> Range<usize> {
    index * batch / SHARDS..(index + 1) * batch / SHARDS
}

/// The images of shard `index`, some at a time, by their position in the shard.
fn chunks(
    index: usize,
    batch: usize,
) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator {
    let images = shard_range(index, batch).len();
    (0..images)
        .step_by(IMAGES_AT_ONCE)
        .map(move |first| first..images.min(first + IMAGES_AT_ONCE))
}

/// Which images a walk over the batch visits first.
///
/// Successive walks go to and fro: what the last one touched at its end is still in the cache.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    To,
    Fro,
}

impl Direction {
    fn turn(&mut self) {
        *self = match self {
            Self::To => Self::Fro,
            Self::Fro => Self::To,
        };
    }

    /// The shards in this direction, each with its number, for all threads.
    fn shards<T: Send>(self, shards: impl Iterator<Item = T>) -> rayon::vec::IntoIter<(usize, T)> {
        let mut shards: Vec<_> = shards.enumerate().collect();
        if self == Self::Fro {
            shards.reverse();
        }
        shards.into_par_iter()
    }

    /// The items in this direction, each with its number.
    fn walk<I: DoubleEndedIterator + ExactSizeIterator>(
        self,
        items: I,
    ) -> impl Iterator<Item = (usize, I::Item)> {
        let mut items = items.enumerate();
        std::iter::from_fn(move || match self {
            Self::To => items.next(),
            Self::Fro => items.next_back(),
        })
    }
}

/// Cuts `values` (`len` per image) at the borders of the shards.
fn split_shards<T>(mut values: &mut [T], batch: usize, len: usize) -> Vec<&mut [T]> {
    (0..SHARDS)
        .map(|index| {
            let (part, rest) =
                std::mem::take(&mut values).split_at_mut(shard_range(index, batch).len() * len);
            values = rest;
            part
        })
        .collect()
}

/// The values of some images (`len` per image).
fn of_images(images: &Range<usize>, len: usize) -> Range<usize> {
    images.start * len..images.end * len
}

/// One shard's part of what an op leaves behind.
#[derive(Default)]
struct Outputs<'a> {
    /// The values, where they are kept.
    values: Option<&'a mut [f32]>,
    notes: &'a mut [u8],
}

impl Block {
    /// A block of `ops`, which is not empty.
    pub fn new(ops: Vec<Box<dyn Op>>, propagates: bool) -> Self {
        Self {
            propagates,
            values: vec![Vec::new(); ops.len() + 1],
            notes: vec![Vec::new(); ops.len()],
            upstream: Vec::new(),
            downstream: Vec::new(),
            totals: ops.iter().map(|op| zeros(op.as_ref())).collect(),
            direction: Direction::To,
            shards: (0..SHARDS).map(|_| Shard::default()).collect(),
            ops,
        }
    }

    fn input_len(&self) -> usize {
        self.ops.first().map_or(0, |op| op.input_len())
    }

    fn output_len(&self) -> usize {
        self.ops.last().map_or(0, |op| op.output_len())
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

    fn load(&mut self, parameters: &[Parameter], pass: Pass) {
        let places = self.ops.iter_mut().flat_map(|op| op.parameters_mut());
        for (place, parameter) in places.zip(parameters) {
            parameter.tensor.copy_into(place);
        }
        for op in &mut self.ops {
            op.prepare(pass);
        }
    }

    /// Whether op `k` must see all images before the first goes through.
    fn is_barrier(&self, k: usize) -> bool {
        self.ops.get(k).is_some_and(|op| op.statistics_len() > 0)
    }

    /// Whether the output of op `k` is read after the images have gone on.
    fn keeps(&self, k: usize) -> bool {
        let is_last = k + 1 == self.ops.len();
        is_last
            || self.ops[k].needs_output()
            || self.ops[k + 1].needs_input()
            || self.is_barrier(k + 1)
    }

    /// Output of all images; nothing is kept for a backward pass.
    fn evaluate(&mut self) -> &[f32] {
        for op in &mut self.ops {
            op.use_running_statistics();
        }
        let (input_len, output_len) = (self.input_len(), self.output_len());
        let ops = &self.ops;
        let batch = self.values[0].len() / input_len;
        let (x, y) = self.values.split_at_mut(ops.len());
        let (x, y) = (&x[0], &mut y[0]);
        y.resize(batch * output_len, 0.0);
        let notes_len = ops.iter().map(|op| op.notes_len()).max().unwrap_or(0);
        let pass = Pass::Evaluate;
        self.shards
            .par_iter_mut()
            .zip(split_shards(y, batch, output_len))
            .enumerate()
            .for_each(|(index, (shard, outputs))| {
                let start = shard_range(index, batch).start;
                let mut notes = vec![0; IMAGES_AT_ONCE * notes_len];
                for images in chunks(index, batch) {
                    let image = start + images.start;
                    let [current, next] = &mut shard.between;
                    let first = &x[image * input_len..][..images.len() * input_len];
                    for (k, op) in ops.iter().enumerate() {
                        let x = if k == 0 {
                            first
                        } else {
                            &current[..images.len() * op.input_len()]
                        };
                        let y = if k + 1 == ops.len() {
                            &mut outputs[of_images(&images, output_len)]
                        } else {
                            sized(next, images.len() * op.output_len())
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
    fn train_forward(&mut self, pass: Pass) -> &[f32] {
        let batch = self.values[0].len() / self.input_len();
        self.direction = Direction::To;
        for k in 0..self.ops.len() {
            let len = if self.keeps(k) {
                batch * self.ops[k].output_len()
            } else {
                0
            };
            self.values[k + 1].resize(len, 0.0);
            self.notes[k].resize(batch * self.ops[k].notes_len(), 0);
        }
        let mut start = 0;
        for end in self.barriers().into_iter().chain([self.ops.len()]) {
            self.forward_images(start..end, batch, pass);
            if end < self.ops.len() {
                let partials = partials(&self.shards, batch, self.ops[end].statistics_len());
                self.ops[end].conclude(&partials);
            }
            start = end;
        }
        &self.values[self.ops.len()]
    }

    /// Sends every image through the ops of `range` and lets the op behind them, if it must see all
    /// images first, observe.
    fn forward_images(&mut self, range: Range<usize>, batch: usize, pass: Pass) {
        let ops = &self.ops[range.clone()];
        let observer = self.ops.get(range.end);
        let (inputs, outputs) = self.values.split_at_mut(range.start + 1);
        let input = &inputs[range.start];
        let mut parts: Vec<Vec<Outputs<'_>>> = (0..SHARDS).map(|_| Vec::new()).collect();
        for ((op, values), notes) in ops.iter().zip(outputs).zip(&mut self.notes[range.clone()]) {
            let is_kept = !values.is_empty();
            let values = split_shards(values, if is_kept { batch } else { 0 }, op.output_len());
            let notes = split_shards(notes, batch, op.notes_len());
            for ((part, values), notes) in parts.iter_mut().zip(values).zip(notes) {
                let values = is_kept.then_some(values);
                part.push(Outputs { values, notes });
            }
        }
        let direction = self.direction;
        self.direction.turn();
        let shards = direction.shards(self.shards.iter_mut().zip(parts));
        shards.for_each(|(index, (shard, mut outputs))| {
            let start = shard_range(index, batch).start;
            let statistics_len = observer.map_or(0, |op| op.statistics_len());
            let sums_len = chunks(index, batch).len() * statistics_len;
            sized(&mut shard.sums, sums_len);
            for (chunk, images) in direction.walk(chunks(index, batch)) {
                let image = start + images.start;
                let [current, next] = &mut shard.between;
                let first = &input[of_images(&(image..start + images.end), input.len() / batch)];
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
                    let Outputs { values, notes } = &mut after[0];
                    let notes = &mut notes[of_images(&images, op.notes_len())];
                    let place = Place { pass, image };
                    match values {
                        Some(values) => {
                            let y = &mut values[of_images(&images, op.output_len())];
                            op.forward(place, x, y, notes, &mut shard.scratch);
                        }
                        None => {
                            let y = sized(next, images.len() * op.output_len());
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

    /// The ops that must see all images before the first goes through.
    fn barriers(&self) -> Vec<usize> {
        (0..self.ops.len())
            .filter(|&k| self.is_barrier(k))
            .collect()
    }

    /// Gradients of all parameters, from that of the output in `upstream`; adds the input's to `dx`.
    fn backward(&mut self, dx: Option<&mut [f32]>, pass: Pass) -> Vec<Vec<f32>> {
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
fn zeros(op: &dyn Op) -> Vec<Vec<f32>> {
    let lens = op.gradient_lens();
    lens.into_iter().map(|len| vec![0.0; len]).collect()
}

/// What every shard has observed, in the order of the images.
fn partials(shards: &[Shard], batch: usize, statistics_len: usize) -> Vec<Partial<'_>> {
    let shards = shards.iter().enumerate();
    shards
        .flat_map(|(index, shard)| {
            let sums = shard.sums.chunks_exact(statistics_len);
            chunks(index, batch)
                .zip(sums)
                .map(|(images, sums)| Partial {
                    images: images.len(),
                    sums,
                })
        })
        .collect()
}
