//! The dense layer, `y = x · weightᵀ + bias`, as one operation on dfdx's tape.
//!
//! Threads share the rows of the batch out in the forward pass and for the input's gradient, and the
//! units for the weight's, so that every sum is taken by one thread, in one order.

use super::Pass;
use crate::nn::NnError;
use crate::nn::parameter::{GradientRange, Parameter};
use crate::nn::tensor::tensor_of;
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix};
use dfdx::prelude::*;
use rayon::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Longest sum that is taken at once: that much of a panel stays in the first cache.
const DEPTH_AT_ONCE: usize = 448;

/// Parts the rows of the batch are cut into.
const PARTS: usize = 8;

/// A dense layer with the buffers it works in.
pub struct Dense {
    inputs: usize,
    units: usize,
    /// Whether anything before the layer can be trained, or its input's gradient is asked for.
    propagates: bool,
    /// The weight transposed, `[inputs, units]`, in pieces of its depth.
    forward: Vec<PackedMatrix>,
    /// The weight, `[units, inputs]`, in pieces of its depth.
    backward: Vec<PackedMatrix>,
    /// The input of the training pass under way, `[batch, inputs]`.
    x: Buffer,
    /// Its output, `[batch, units]`.
    y: Buffer,
    engine: Engine,
}

/// The pieces of a sum of `depth` products: where they begin and how long they are.
fn pieces(depth: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = depth.div_ceil(DEPTH_AT_ONCE);
    (0..count).map(move |piece| {
        let first = piece * depth / count;
        (first, (piece + 1) * depth / count - first)
    })
}

/// Puts the layer on the tape of `x` `[batch, inputs]` and returns its output `[batch, units]`.
/// `weight` is `[units, inputs]`, `bias` `[units]`; the backward pass adds to their `gradients`.
///
/// # Errors
/// When memory runs out.
pub fn apply<T: Tape<f32, Cpu>>(
    dense: &Arc<Mutex<Dense>>,
    x: Tensor<(usize, usize), f32, Cpu, T>,
    [weight, bias]: [&Parameter; 2],
    gradients: GradientRange,
    pass: Pass,
) -> Result<Tensor<(usize, usize), f32, Cpu, T>, NnError> {
    let (x, mut tape) = x.split_tape();
    let batch = x.shape().0;
    let mut working = lock(dense);
    working.load(&weight.values, pass);
    let inputs = working.inputs;
    x.copy_into(working.x.size(batch * inputs));
    working.forward(batch, &bias.values);
    let y = tensor_of(x.device(), &working.y, (batch, working.units))?;
    drop(working);
    let (x_ghost, y_ghost) = (x.ghost(), y.ghost());
    let dense = Arc::clone(dense);
    tape.add_backward_op(move |store| {
        let working = lock(&dense);
        // Taken out for the time that other gradients are written, then put back.
        let dy = std::mem::take(&mut **store.get_or_alloc_mut(&y_ghost)?);
        if working.propagates {
            working.add_input_gradient(&dy, store.get_or_alloc_mut(&x_ghost)?);
        }
        gradients.update(|gradients| {
            if let [weight, bias] = gradients {
                working.add_weight_gradient(&dy, weight);
                for dy in dy.chunks_exact(working.units) {
                    for (sum, dy) in bias.iter_mut().zip(dy) {
                        *sum += dy;
                    }
                }
            }
        });
        **store.get_or_alloc_mut(&y_ghost)? = dy;
        Ok(())
    });
    Ok(y.put_tape(tape))
}

/// A panic in another thread leaves numbers behind, not broken invariants: the next pass overwrites
/// them all.
fn lock(dense: &Mutex<Dense>) -> MutexGuard<'_, Dense> {
    dense.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Dense {
    /// A layer that has seen nothing yet, its products by `engine`.
    pub fn new(inputs: usize, units: usize, propagates: bool, engine: Engine) -> Self {
        let panels = |depth: usize, columns: usize| -> Vec<PackedMatrix> {
            pieces(depth)
                .map(|(_, len)| PackedMatrix::new(engine, len, columns))
                .collect()
        };
        Self {
            inputs,
            units,
            propagates,
            forward: panels(inputs, units),
            backward: panels(units, inputs),
            x: Buffer::default(),
            y: Buffer::default(),
            engine,
        }
    }

    /// Packs the weight for the pass.
    fn load(&mut self, weight: &[f32], pass: Pass) {
        let inputs = self.inputs;
        for (panels, (first, _)) in self.forward.iter_mut().zip(pieces(inputs)) {
            panels.pack_transposed_in_parallel(&weight[first..], inputs);
        }
        if pass != Pass::Evaluate && self.propagates {
            for (panels, (first, _)) in self.backward.iter_mut().zip(pieces(self.units)) {
                panels.pack_in_parallel(&weight[first * inputs..], inputs);
            }
        }
    }

    /// `y = x · weightᵀ + bias` of the first `batch` rows.
    fn forward(&mut self, batch: usize, bias: &[f32]) {
        let mut y = std::mem::take(&mut self.y);
        y.size(batch * self.units);
        let rows_at_once = batch.div_ceil(PARTS).max(1);
        let x = Matrix::new(&self.x, batch, self.inputs);
        y.par_chunks_mut(rows_at_once * self.units)
            .enumerate()
            .for_each(|(part, y)| {
                let x = x.rows(part * rows_at_once, y.len() / self.units);
                for ((first, len), panels) in pieces(self.inputs).zip(&self.forward) {
                    let output = match first {
                        0 => Epilogue::Bias(bias),
                        _ => Epilogue::Accumulate,
                    };
                    panels.matmul(x.columns(first, len), y, output);
                }
            });
        self.y = y;
    }

    /// `dx += dy · weight`.
    fn add_input_gradient(&self, dy: &[f32], dx: &mut [f32]) {
        let batch = dy.len() / self.units;
        let rows_at_once = batch.div_ceil(PARTS).max(1);
        let dy = Matrix::new(dy, batch, self.units);
        dx.par_chunks_mut(rows_at_once * self.inputs)
            .enumerate()
            .for_each(|(part, dx)| {
                let dy = dy.rows(part * rows_at_once, dx.len() / self.inputs);
                for ((first, len), panels) in pieces(self.units).zip(&self.backward) {
                    panels.matmul(dy.columns(first, len), dx, Epilogue::Accumulate);
                }
            });
    }

    /// `dweight += dyᵀ · x`.
    fn add_weight_gradient(&self, dy: &[f32], dweight: &mut [f32]) {
        let batch = dy.len() / self.units;
        // No more parts than threads: each walks through all of `x`.
        let units_at_once = self.units.div_ceil(rayon::current_num_threads()).max(1);
        let dy = Matrix::new(dy, batch, self.units);
        let x = Matrix::new(&self.x, batch, self.inputs);
        dweight
            .par_chunks_mut(units_at_once * self.inputs)
            .enumerate()
            .for_each(|(part, dweight)| {
                let units = dweight.len() / self.inputs;
                let dy = dy.columns(part * units_at_once, units);
                self.engine.add_matmul_tn(dy, x, dweight);
            });
    }
}
