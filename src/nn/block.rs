//! A run of consecutive layers as one operation on dfdx's tape.
//!
//! Activations cross dfdx's border once per block. Within it every image goes through as many layers
//! as possible while it is in the cache; only batch norm needs all images before it can go on.
//!
//! The batch is cut into [`SHARDS`] parts that threads pick up. Each part adds up its own weight
//! gradients and the parts are summed in their order, so that the result does not depend on which
//! thread did what, nor on how many there are.

use super::NnError;
use super::ops::{Op, Pass, Place, RunningStatistics, Saved, Scratch};
use super::parameter::{GradientStore, Parameter};
use dfdx::prelude::*;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Parts a batch is cut into: enough for an even load on any laptop, few enough that their weight
/// gradients stay small.
const SHARDS: usize = 8;

/// Consecutive layers of ours, with the buffers they work in.
pub struct Block {
    ops: Vec<Box<dyn Op>>,
    /// Whether anything before the block can be trained. Without it the first op's input gradient,
    /// which nobody would read, is not computed.
    propagates: bool,
    /// `values[0]` is the input `[batch, len]`, `values[k + 1]` the output of op `k`; filled by
    /// training passes only.
    values: Vec<Vec<f32>>,
    /// Gradients at the place the backward pass has reached and at the one it goes to next.
    upstream: Vec<f32>,
    downstream: Vec<f32>,
    shards: Vec<Shard>,
}

/// What one part of the batch needs for itself.
#[derive(Default)]
struct Shard {
    scratch: Scratch,
    /// Values or gradients between two ops of one image.
    between: [Vec<f32>; 2],
    /// Gradients `[op][parameter][value]`.
    gradients: Vec<Vec<Vec<f32>>>,
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
    let mut values = vec![0.0; x.shape().num_elements()];
    x.copy_into(&mut values);
    let mut working = lock(block);
    working.load(parameters);
    let output = match pass {
        Pass::Evaluate => working.evaluate(&values),
        Pass::Train { .. } => working.train_forward(values, pass),
    };
    let output_len = working.output_len();
    drop(working);
    let y = x
        .device()
        .try_tensor_from_vec(output, (batch, output_len))?;
    let (x_ghost, y_ghost) = (x.ghost(), y.ghost());
    let (block, parameters) = (Arc::clone(block), parameters.to_vec());
    tape.add_backward_op(move |gradients| {
        let mut working = lock(&block);
        let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&y_ghost)?);
        let dx = if working.propagates {
            let dx = gradients.get_or_alloc_mut(&x_ghost)?;
            Some(dx.as_mut_slice())
        } else {
            None
        };
        let parameter_gradients = working.backward(dy, dx, pass);
        add_to_store(gradients, &parameters, &parameter_gradients)
    });
    Ok(y.put_tape(tape))
}

/// What every op of the block gives for one image, in evaluation mode.
pub fn layer_outputs(block: &Mutex<Block>, x: &[f32], parameters: &[Parameter]) -> Vec<Vec<f32>> {
    let mut working = lock(block);
    working.load(parameters);
    for op in &mut working.ops {
        op.use_running_statistics();
    }
    let place = Place {
        pass: Pass::Evaluate,
        image: 0,
    };
    let mut scratch = Scratch::default();
    let mut outputs: Vec<Vec<f32>> = Vec::with_capacity(working.ops.len());
    for op in &working.ops {
        let mut y = vec![0.0; op.output_len()];
        op.forward(
            place,
            outputs.last().map_or(x, Vec::as_slice),
            &mut y,
            &mut scratch,
        );
        outputs.push(y);
    }
    outputs
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

/// Cuts `values` (`len` per image) at the borders of the shards.
fn split_shards(mut values: &mut [f32], batch: usize, len: usize) -> Vec<&mut [f32]> {
    (0..SHARDS)
        .map(|index| {
            let (part, rest) =
                std::mem::take(&mut values).split_at_mut(shard_range(index, batch).len() * len);
            values = rest;
            part
        })
        .collect()
}

fn image_of(values: &[f32], image: usize, len: usize) -> &[f32] {
    &values[image * len..(image + 1) * len]
}

impl Block {
    /// A block of `ops`, which is not empty.
    pub fn new(ops: Vec<Box<dyn Op>>, propagates: bool) -> Self {
        let values = vec![Vec::new(); ops.len() + 1];
        Self {
            ops,
            propagates,
            values,
            upstream: Vec::new(),
            downstream: Vec::new(),
            shards: (0..SHARDS).map(|_| Shard::default()).collect(),
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

    fn load(&mut self, parameters: &[Parameter]) {
        let places = self.ops.iter_mut().flat_map(|op| op.parameters_mut());
        for (place, parameter) in places.zip(parameters) {
            parameter.tensor.copy_into(place);
        }
    }

    /// Output of all images; nothing is kept for a backward pass.
    fn evaluate(&mut self, x: &[f32]) -> Vec<f32> {
        for op in &mut self.ops {
            op.use_running_statistics();
        }
        let (input_len, output_len) = (self.input_len(), self.output_len());
        let batch = x.len() / input_len;
        let mut y = vec![0.0; batch * output_len];
        let ops = &self.ops;
        self.shards
            .par_iter_mut()
            .zip(split_shards(&mut y, batch, output_len))
            .enumerate()
            .for_each(|(index, (shard, outputs))| {
                let images = shard_range(index, batch).zip(outputs.chunks_exact_mut(output_len));
                for (image, output) in images {
                    let [current, next] = &mut shard.between;
                    current.clear();
                    current.extend_from_slice(image_of(x, image, input_len));
                    for op in ops {
                        next.resize(op.output_len(), 0.0);
                        let pass = Pass::Evaluate;
                        op.forward(Place { pass, image }, current, next, &mut shard.scratch);
                        std::mem::swap(current, next);
                    }
                    output.copy_from_slice(current);
                }
            });
        y
    }

    /// Output of all images, keeping what the backward pass needs.
    fn train_forward(&mut self, x: Vec<f32>, pass: Pass) -> Vec<f32> {
        let batch = x.len() / self.input_len();
        self.values[0] = x;
        for (op, values) in self.ops.iter().zip(&mut self.values[1..]) {
            values.resize(batch * op.output_len(), 0.0);
        }
        let mut start = 0;
        while start < self.ops.len() {
            if self.ops[start].needs_whole_batch() {
                self.ops[start].observe_batch(&self.values[start]);
            }
            // On to the next op that must see all images first.
            let end = (start + 1..self.ops.len())
                .find(|&k| self.ops[k].needs_whole_batch())
                .unwrap_or(self.ops.len());
            self.forward_images(start..end, batch, pass);
            start = end;
        }
        self.values[self.ops.len()].clone()
    }

    /// Sends every image through the ops of `range`.
    fn forward_images(&mut self, range: Range<usize>, batch: usize, pass: Pass) {
        let ops = &self.ops[range.clone()];
        let (inputs, outputs) = self.values.split_at_mut(range.start + 1);
        let input = &inputs[range.start];
        let mut parts: Vec<Vec<&mut [f32]>> = (0..SHARDS).map(|_| Vec::new()).collect();
        for (op, values) in ops.iter().zip(outputs) {
            let split = split_shards(values, batch, op.output_len());
            for (part, values) in parts.iter_mut().zip(split) {
                part.push(values);
            }
        }
        let shards = self.shards.par_iter_mut().zip(parts).enumerate();
        shards.for_each(|(index, (shard, mut outputs))| {
            for (place, image) in shard_range(index, batch).enumerate() {
                for (k, op) in ops.iter().enumerate() {
                    let (before, after) = outputs.split_at_mut(k);
                    let x = match before.last() {
                        Some(previous) => image_of(previous, place, op.input_len()),
                        None => image_of(input, image, op.input_len()),
                    };
                    let len = op.output_len();
                    let y = &mut after[0][place * len..(place + 1) * len];
                    op.forward(Place { pass, image }, x, y, &mut shard.scratch);
                }
            }
        });
    }

    /// Gradients of all parameters, from that of the output `dy`; adds the input's to `dx`.
    fn backward(&mut self, dy: Vec<f32>, dx: Option<&mut [f32]>, pass: Pass) -> Vec<Vec<f32>> {
        let batch = dy.len() / self.output_len();
        self.upstream = dy;
        let mut totals = self.zero_gradients();
        for shard in &mut self.shards {
            shard.gradients.clone_from(&totals);
        }
        let mut end = self.ops.len();
        while end > 0 {
            // The ops whose turn it is: down to the next one that must see all gradients first,
            // which then begins the following turn.
            let last = end - 1;
            if self.ops[last].needs_whole_batch() {
                let x = &self.values[last];
                self.ops[last].observe_batch_gradient(x, &self.upstream, &mut totals[last]);
            }
            let start = (0..last)
                .rev()
                .find(|&k| self.ops[k].needs_whole_batch())
                .map_or(0, |k| k + 1);
            self.backward_images(start..end, batch, pass, start > 0 || dx.is_some());
            std::mem::swap(&mut self.upstream, &mut self.downstream);
            end = start;
        }
        if let Some(dx) = dx {
            for (total, value) in dx.iter_mut().zip(&self.upstream) {
                *total += value;
            }
        }
        for shard in &self.shards {
            for (total, part) in totals
                .iter_mut()
                .flatten()
                .zip(shard.gradients.iter().flatten())
            {
                for (total, value) in total.iter_mut().zip(part) {
                    *total += value;
                }
            }
        }
        totals.into_iter().flatten().collect()
    }

    fn zero_gradients(&mut self) -> Vec<Vec<Vec<f32>>> {
        self.ops
            .iter_mut()
            .map(|op| {
                let parameters = op.parameters_mut();
                parameters
                    .iter()
                    .map(|values| vec![0.0; values.len()])
                    .collect()
            })
            .collect()
    }

    /// Sends every image's gradient from `upstream` back through the ops of `range`, last first,
    /// into `downstream` if it is wanted there.
    fn backward_images(&mut self, range: Range<usize>, batch: usize, pass: Pass, wanted: bool) {
        let (first, last) = (range.start, range.end - 1);
        let (ops, values, upstream) = (&self.ops, &self.values, &self.upstream);
        let (input_len, output_len) = (ops[first].input_len(), ops[last].output_len());
        self.downstream
            .resize(if wanted { batch * input_len } else { 0 }, 0.0);
        let downstream = if wanted {
            split_shards(&mut self.downstream, batch, input_len)
        } else {
            (0..SHARDS).map(|_| Default::default()).collect()
        };
        let shards = self.shards.par_iter_mut().zip(downstream).enumerate();
        shards.for_each(|(index, (shard, downstream))| {
            for (place, image) in shard_range(index, batch).enumerate() {
                let [current, next] = &mut shard.between;
                for k in range.clone().rev() {
                    let op = &ops[k];
                    let dy = if k == last {
                        image_of(upstream, image, output_len)
                    } else {
                        current.as_slice()
                    };
                    let dx = if k > first {
                        next.resize(op.input_len(), 0.0);
                        Some(next.as_mut_slice())
                    } else if wanted {
                        Some(&mut downstream[place * input_len..(place + 1) * input_len])
                    } else {
                        None
                    };
                    let saved = Saved {
                        x: image_of(&values[k], image, op.input_len()),
                        y: image_of(&values[k + 1], image, op.output_len()),
                        dy,
                    };
                    let place = Place { pass, image };
                    let gradients = &mut shard.gradients[k];
                    op.backward(place, saved, dx, &mut shard.scratch, gradients);
                    std::mem::swap(current, next);
                }
            }
        });
    }
}
