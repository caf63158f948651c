//! The dense layer, `y = x · weightᵀ + bias`.
//!
//! It takes the whole batch at once: a weight is read from memory once in each pass, a block that fits
//! into the cache at a time, and multiplied with all images. Every sum is taken by one thread, in one
//! order.

use super::conv2d::add_bias_gradient;
use super::memory::{OpMemory, f32_bytes};
use super::op::{Op, Pass, Place, Saved, Scratch};
use super::parameter_shape::ParameterShape;
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, MatrixMut, PackedMatrix};
use rayon::prelude::*;

/// Longest sum that is taken at once: that much of a packed panel stays in the L1 cache.
const DEPTH_AT_ONCE: usize = 448;

/// Columns of the weight that are packed at once for the input's gradient.
const COLUMNS_AT_ONCE: usize = 64;

/// Most units whose weights are packed for the forward pass. With more of them the images are packed
/// instead, and the weights are read where they are.
const MOST_PACKED_UNITS: usize = 64;

/// Rows that the microkernel likes to have at once, on every instruction set.
const ROWS: usize = 12;

/// A dense layer.
pub struct Dense {
    inputs: usize,
    units: usize,
    /// The weight transposed, `[inputs, units]`, packed in pieces of its depth; none for a layer of many
    /// units.
    packed: Vec<PackedMatrix>,
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

/// `rows` in parts for the threads, each but the last a multiple of what the microkernel takes at once.
/// Which part a row is in changes no bit.
fn rows_at_once(rows: usize, most: usize) -> usize {
    const PARTS: usize = 4;
    let parts = PARTS * rayon::current_num_threads();
    rows.div_ceil(parts).next_multiple_of(ROWS).min(most)
}

impl Dense {
    /// A layer whose products are done by `engine`. It knows its sizes but holds no memory yet.
    pub fn new(inputs: usize, units: usize, engine: Engine) -> Self {
        Self {
            inputs,
            units,
            packed: Vec::new(),
            engine,
        }
    }

    fn packs_weights(&self) -> bool {
        self.units <= MOST_PACKED_UNITS
    }

    /// `y = x · weightᵀ + bias`, the images shared out.
    fn forward_by_images(&self, x: &[f32], bias: &[f32], y: &mut [f32]) {
        let x = Matrix::new(x, x.len() / self.inputs, self.inputs);
        let at_once = rows_at_once(x.row_count(), usize::MAX);
        y.par_chunks_mut(at_once * self.units)
            .enumerate()
            .for_each(|(part, y)| {
                let x = x.rows(part * at_once, y.len() / self.units);
                for ((first, len), packed) in pieces(self.inputs).zip(&self.packed) {
                    let epilogue = match first {
                        0 => Epilogue::Bias(bias),
                        _ => Epilogue::Accumulate,
                    };
                    packed.matmul(x.columns(first, len), y, epilogue);
                }
            });
    }

    /// The same, the units shared out: `yᵀ = weight · xᵀ` with the images packed.
    fn forward_by_units(&self, x: &[f32], weight: &[f32], bias: &[f32], y: &mut [f32]) {
        /// More rows of the weight than this would fall out of the L2 cache between two panels.
        const MOST_UNITS: usize = 96;
        let batch = x.len() / self.inputs;
        let pieces: Vec<_> = pieces(self.inputs).collect();
        let mut packed: Vec<_> = pieces
            .iter()
            .map(|(_, len)| PackedMatrix::new(self.engine, *len, batch))
            .collect();
        for ((first, _), packed) in pieces.iter().zip(&mut packed) {
            packed.pack_transposed_in_parallel(&x[*first..], self.inputs);
        }
        let weight = Matrix::new(weight, self.units, self.inputs);
        let at_once = rows_at_once(self.units, MOST_UNITS);
        let parts = MatrixMut::new(y, batch, self.units).split_columns(at_once);
        parts.into_par_iter().enumerate().for_each_init(
            Buffer::default,
            |transposed, (part, mut y)| {
                let units = y.column_count();
                let transposed = transposed.size(units * batch);
                for ((first, len), packed) in pieces.iter().zip(&packed) {
                    let weight = weight.rows(part * at_once, units).columns(*first, *len);
                    let epilogue = match first {
                        0 => Epilogue::Overwrite,
                        _ => Epilogue::Accumulate,
                    };
                    packed.matmul(weight, transposed, epilogue);
                }
                let bias = &bias[part * at_once..][..units];
                for image in 0..batch {
                    let sums = transposed[image..].iter().step_by(batch);
                    for ((y, sum), bias) in
                        y.row_part(image, 0, units).iter_mut().zip(sums).zip(bias)
                    {
                        *y = sum + bias;
                    }
                }
            },
        );
    }

    /// `dx = dy · weight`, the inputs shared out.
    fn input_gradient(&self, dy: Matrix<'_>, weight: &[f32], dx: &mut [f32]) {
        let parts = MatrixMut::new(dx, dy.row_count(), self.inputs).split_columns(COLUMNS_AT_ONCE);
        parts
            .into_par_iter()
            .enumerate()
            .for_each(|(part, mut dx)| {
                for (first, len) in pieces(self.units) {
                    let mut packed = PackedMatrix::new(self.engine, len, dx.column_count());
                    let start = first * self.inputs + part * COLUMNS_AT_ONCE;
                    packed.pack(&weight[start..], self.inputs);
                    let epilogue = match first {
                        0 => Epilogue::Overwrite,
                        _ => Epilogue::Accumulate,
                    };
                    packed.matmul_into(dy.columns(first, len), &mut dx, epilogue);
                }
            });
    }

    /// `dweight = dyᵀ · x`, the units shared out.
    fn weight_gradient(&self, dy: Matrix<'_>, x: Matrix<'_>, dweight: &mut [f32]) {
        // No more parts than threads: each walks through all of `x`.
        let at_once = self.units.div_ceil(rayon::current_num_threads()).max(1);
        dweight
            .par_chunks_mut(at_once * self.inputs)
            .enumerate()
            .for_each(|(part, dweight)| {
                let dy = dy.columns(part * at_once, dweight.len() / self.inputs);
                self.engine.matmul_tn(dy, x, dweight);
            });
    }
}

impl Op for Dense {
    fn input_len(&self) -> usize {
        self.inputs
    }

    fn output_len(&self) -> usize {
        self.units
    }

    /// Weight `[units, inputs]` and bias `[units]`.
    fn parameters(&self) -> Vec<ParameterShape> {
        vec![
            ParameterShape::weight(&[self.units, self.inputs], self.inputs, self.units),
            ParameterShape::bias(self.units),
        ]
    }

    fn memory(&self) -> OpMemory {
        OpMemory {
            weights: match self.packs_weights() {
                true => PackedMatrix::max_bytes(self.inputs, self.units),
                false => 0,
            },
            // Packed images, and the output before it is transposed.
            batch_image: match self.packs_weights() {
                true => 0,
                false => f32_bytes(self.inputs + self.units),
            },
            scratch: 0,
        }
    }

    fn allocate(&mut self) {
        if self.packs_weights() {
            self.packed = pieces(self.inputs)
                .map(|(_, len)| PackedMatrix::new(self.engine, len, self.units))
                .collect();
        }
    }

    fn prepare(&mut self, parameters: &[Parameter], _: Pass) {
        let [weight, _] = parameters else { return };
        for (packed, (first, _)) in self.packed.iter_mut().zip(pieces(self.inputs)) {
            packed.pack_transposed(&weight.values[first..], self.inputs);
        }
    }

    fn takes_whole_batch(&self) -> bool {
        true
    }

    fn forward(&self, place: Place<'_>, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        let [weight, bias] = place.parameters else {
            return;
        };
        match self.packs_weights() {
            true => self.forward_by_images(x, &bias.values, y),
            false => self.forward_by_units(x, &weight.values, &bias.values, y),
        }
    }

    fn backward(
        &self,
        place: Place<'_>,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        let ([weight, _], [dweight, dbias]) = (place.parameters, gradients) else {
            return;
        };
        let batch = saved.dy.len() / self.units;
        let dy = Matrix::new(saved.dy, batch, self.units);
        let x = Matrix::new(saved.x, batch, self.inputs);
        if let Some(dx) = dx {
            self.input_gradient(dy, &weight.values, dx);
        }
        self.weight_gradient(dy, x, dweight);
        dbias.fill(0.0);
        add_bias_gradient(self.engine.arch(), saved.dy, dbias);
    }
}
