//! The dense layer, `y = x · weightᵀ + bias`, as one operation on dfdx's tape.
//!
//! The forward pass and the input's gradient are GEMMs whose rows, the images, are divided among the
//! threads; the weight's gradient is one whose rows are the units. So every sum is taken by one thread,
//! in one order.

use super::memory::{LayerMemory, f32_bytes};
use super::op::Pass;
use super::parameter_shape::ParameterShape;
use crate::nn::NnError;
use crate::nn::parameter::{GradientRange, Parameter};
use crate::nn::tensor::tensor_of;
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix};
use dfdx::prelude::*;
use rayon::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Longest sum that is taken at once: that much of a packed panel stays in the L1 cache.
const DEPTH_AT_ONCE: usize = 448;

/// Chunks that the rows of the batch are divided into.
const CHUNKS: usize = 8;

/// A dense layer with the buffers it works in.
pub struct Dense {
    inputs: usize,
    units: usize,
    /// Whether the input's gradient is computed: not where nothing before the layer can be trained.
    propagates: bool,
    /// The weight transposed, `[inputs, units]`, packed in pieces of its depth.
    forward: Vec<PackedMatrix>,
    /// The weight, `[units, inputs]`, packed in pieces of its depth.
    backward: Vec<PackedMatrix>,
    /// The input of the current training pass, `[batch, inputs]`.
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
        // Taken out while other gradients are written, then put back.
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

/// A panic in another thread leaves wrong numbers but a sound layer: the next pass overwrites them
/// all.
fn lock(dense: &Mutex<Dense>) -> MutexGuard<'_, Dense> {
    dense.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Dense {
    /// A layer whose products are done by `engine`. It knows its sizes but holds no memory yet.
    pub fn new(inputs: usize, units: usize, engine: Engine) -> Self {
        Self {
            inputs,
            units,
            propagates: true,
            forward: Vec::new(),
            backward: Vec::new(),
            x: Buffer::default(),
            y: Buffer::default(),
            engine,
        }
    }

    /// Whether the input's gradient is to be computed.
    pub fn set_propagates(&mut self, propagates: bool) {
        self.propagates = propagates;
    }

    /// Weight `[units, inputs]` and bias `[units]`.
    pub fn parameters(&self) -> Vec<ParameterShape> {
        vec![
            ParameterShape::weight(&[self.units, self.inputs], self.inputs, self.units),
            ParameterShape::bias(self.units),
        ]
    }

    /// What the layer needs, for itself and on the tape.
    pub fn memory(&self) -> LayerMemory {
        let Self { inputs, units, .. } = *self;
        let packed =
            PackedMatrix::max_bytes(inputs, units) + PackedMatrix::max_bytes(units, inputs);
        LayerMemory {
            weights: packed,
            // Those that the network holds.
            gradients: f32_bytes(inputs * units + units),
            // `x` and `y`, the output's tensor and its gradient.
            training_image: f32_bytes(inputs + 3 * units),
            evaluation_image: f32_bytes(inputs + 2 * units),
            ..LayerMemory::default()
        }
    }

    /// Takes the memory for the parameters.
    pub fn allocate(&mut self) {
        let panels = |depth: usize, columns: usize| -> Vec<PackedMatrix> {
            pieces(depth)
                .map(|(_, len)| PackedMatrix::new(self.engine, len, columns))
                .collect()
        };
        (self.forward, self.backward) = (
            panels(self.inputs, self.units),
            panels(self.units, self.inputs),
        );
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
        let rows_at_once = batch.div_ceil(CHUNKS).max(1);
        let x = Matrix::new(&self.x, batch, self.inputs);
        y.par_chunks_mut(rows_at_once * self.units)
            .enumerate()
            .for_each(|(chunk, y)| {
                let x = x.rows(chunk * rows_at_once, y.len() / self.units);
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
        let rows_at_once = batch.div_ceil(CHUNKS).max(1);
        let dy = Matrix::new(dy, batch, self.units);
        dx.par_chunks_mut(rows_at_once * self.inputs)
            .enumerate()
            .for_each(|(chunk, dx)| {
                let dy = dy.rows(chunk * rows_at_once, dx.len() / self.inputs);
                for ((first, len), panels) in pieces(self.units).zip(&self.backward) {
                    panels.matmul(dy.columns(first, len), dx, Epilogue::Accumulate);
                }
            });
    }

    /// `dweight += dyᵀ · x`.
    fn add_weight_gradient(&self, dy: &[f32], dweight: &mut [f32]) {
        let batch = dy.len() / self.units;
        // No more chunks than threads: each walks through all of `x`.
        let units_at_once = self.units.div_ceil(rayon::current_num_threads()).max(1);
        let dy = Matrix::new(dy, batch, self.units);
        let x = Matrix::new(&self.x, batch, self.inputs);
        dweight
            .par_chunks_mut(units_at_once * self.inputs)
            .enumerate()
            .for_each(|(chunk, dweight)| {
                let units = dweight.len() / self.inputs;
                let dy = dy.columns(chunk * units_at_once, units);
                self.engine.add_matmul_tn(dy, x, dweight);
            });
    }
}
