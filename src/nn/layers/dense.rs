//! The dense layer, `y = x · weightᵀ + bias`.
//!
//! It takes the whole batch at once: a weight is read from memory once in each pass, a block that fits
//! into the cache at a time, and multiplied with all images. Every sum is taken by one thread, in one
//! order.

use super::conv2d::add_bias_gradient;
use super::memory::{OpMemory, f32_bytes};
use super::op::{Op, Pass, Place, Saved, Scratch};
use super::parameter_shape::ParameterShape;
use super::relayout::transpose_rows;
use crate::nn::onnx::{OnnxAttribute, OnnxGraph};
use crate::nn::parameter::Parameter;
use crate::nn::python::{PythonLayer, keras_name};
use crate::parallel::Metered;
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, MatrixMut, PackedMatrix};
use rayon::prelude::*;

/// Columns of the weight that are packed at once for the input's gradient.
const COLUMNS_AT_ONCE: usize = 64;

/// Most units whose weights are packed for the forward pass. With more of them the images are packed
/// instead, and the weights are read where they are.
const MOST_PACKED_UNITS: usize = 64;

/// Most rows of a left operand at once: more would fall out of the L2 cache between two panels.
const MOST_UNITS: usize = 96;

/// Images whose outputs are transposed at once.
const IMAGES_AT_ONCE: usize = 16;

/// Rows that the microkernel likes to have at once, on every instruction set.
const ROWS: usize = 12;

/// A dense layer.
pub struct Dense {
    inputs: usize,
    units: usize,
    /// The weight transposed, `[inputs, units]`; empty for a layer of many units.
    packed: PackedMatrix,
    engine: Engine,
}

/// `rows` in parts for the threads, each but the last a multiple of what the microkernel takes at once.
/// Which part a row is in changes no bit.
fn rows_at_once(rows: usize, most: usize) -> usize {
    const PARTS: usize = 4;
    let parts = PARTS * rayon::current_num_threads();
    rows.div_ceil(parts).next_multiple_of(ROWS).min(most)
}

/// `packed` as a matrix `[depth, columns]`; the values are arbitrary.
fn reshaped(
    packed: &mut Option<PackedMatrix>,
    engine: Engine,
    depth: usize,
    columns: usize,
) -> &mut PackedMatrix {
    let packed = packed.get_or_insert_with(|| PackedMatrix::new(engine, depth, columns));
    packed.reshape(engine, depth, columns);
    packed
}

impl Dense {
    /// A layer whose products are done by `engine`. It knows its sizes but holds no memory yet.
    pub fn new(inputs: usize, units: usize, engine: Engine) -> Self {
        Self {
            inputs,
            units,
            packed: PackedMatrix::new(engine, 0, 0),
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
        let parts = y.par_chunks_mut(at_once * self.units).enumerate();
        parts.for_each_metered(|(part, y)| {
            let x = x.rows(part * at_once, y.len() / self.units);
            self.packed.matmul(x, y, Epilogue::Bias(bias));
        });
    }

    /// The same, the units shared out: `yᵀ = weight · xᵀ` with the images packed.
    fn forward_by_units(
        &self,
        x: &[f32],
        [weight, bias]: [&[f32]; 2],
        y: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let batch = x.len() / self.inputs;
        let packed = reshaped(&mut scratch.packed, self.engine, self.inputs, batch);
        packed.pack_transposed_in_parallel(x, self.inputs);
        let packed = &*packed;
        let transposed = scratch.output.size(self.units * batch);
        let weight = Matrix::new(weight, self.units, self.inputs);
        let at_once = rows_at_once(self.units, MOST_UNITS);
        let parts = transposed.par_chunks_mut(at_once * batch).enumerate();
        parts.for_each_metered(|(part, transposed)| {
            let weight = weight.rows(part * at_once, transposed.len() / batch);
            packed.matmul(weight, transposed, Epilogue::Overwrite);
        });
        let transposed = &*transposed;
        let images = y.par_chunks_mut(IMAGES_AT_ONCE * self.units).enumerate();
        images.for_each_metered(|(part, y)| {
            let images = y.len() / self.units;
            let columns = Matrix::new(transposed, self.units, batch);
            transpose_rows(columns.columns(part * IMAGES_AT_ONCE, images), y);
            for y in y.chunks_exact_mut(self.units) {
                for (y, bias) in y.iter_mut().zip(bias) {
                    *y += bias;
                }
            }
        });
    }

    /// `dx = dy · weight`, the inputs shared out.
    fn input_gradient(&self, dy: Matrix<'_>, weight: &[f32], dx: &mut [f32]) {
        let parts = MatrixMut::new(dx, dy.row_count(), self.inputs).split_columns(COLUMNS_AT_ONCE);
        let parts = parts.into_par_iter().enumerate();
        let new = || PackedMatrix::new(self.engine, 0, 0);
        parts.for_each_init_metered(new, |packed, (part, mut dx)| {
            packed.reshape(self.engine, self.units, dx.column_count());
            packed.pack(&weight[part * COLUMNS_AT_ONCE..], self.inputs);
            packed.matmul_into(dy, &mut dx, Epilogue::Overwrite);
        });
    }

    /// `dweight = dyᵀ · x`, the units shared out.
    fn weight_gradient(
        &self,
        dy: Matrix<'_>,
        x: &[f32],
        dweight: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let batch = dy.row_count();
        let packed = reshaped(&mut scratch.packed, self.engine, batch, self.inputs);
        packed.pack_in_parallel(x, self.inputs);
        let packed = &*packed;
        let dy_rows = scratch.output.size(self.units * batch);
        let at_once = rows_at_once(self.units, MOST_UNITS);
        let parts = dy_rows.par_chunks_mut(at_once * batch).enumerate();
        let parts = parts.zip(dweight.par_chunks_mut(at_once * self.inputs));
        parts.for_each_metered(|((part, dy_rows), dweight)| {
            let units = dy_rows.len() / batch;
            transpose_rows(dy.columns(part * at_once, units), dy_rows);
            let dy = Matrix::new(dy_rows, units, batch);
            packed.matmul(dy, dweight, Epilogue::Overwrite);
        });
    }
}

/// The layer at `index` of a spec as Python code.
pub fn python(inputs: usize, units: usize, index: usize) -> PythonLayer {
    let name = keras_name(index);
    PythonLayer::new(
        format!("nn.Linear({inputs}, {units})"),
        format!("layers.Dense({units}, kernel_initializer=initializer(), {name})"),
    )
}

/// Adds the layer to a graph.
pub fn onnx(graph: &mut OnnxGraph, x: &str) -> String {
    let (weight, bias) = (graph.parameter("weight"), graph.parameter("bias"));
    let attributes = vec![("transB", OnnxAttribute::Int(1))];
    graph.node("Gemm", &[x, &weight, &bias], attributes)
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
            ..OpMemory::default()
        }
    }

    fn allocate(&mut self) {
        if self.packs_weights() {
            self.packed = PackedMatrix::new(self.engine, self.inputs, self.units);
        }
    }

    fn prepare(&mut self, parameters: &[Parameter], _: Pass) {
        if let ([weight, _], true) = (parameters, self.packs_weights()) {
            self.packed.pack_transposed(&weight.values, self.inputs);
        }
    }

    fn takes_whole_batch(&self) -> bool {
        true
    }

    fn forward(
        &self,
        place: Place<'_>,
        x: &[f32],
        y: &mut [f32],
        _: &mut [u8],
        scratch: &mut Scratch,
    ) {
        let [weight, bias] = place.parameters else {
            return;
        };
        match self.packs_weights() {
            true => self.forward_by_images(x, &bias.values, y),
            false => self.forward_by_units(x, [&weight.values, &bias.values], y, scratch),
        }
    }

    fn backward(
        &self,
        place: Place<'_>,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        let ([weight, _], [dweight, dbias]) = (place.parameters, gradients) else {
            return;
        };
        let batch = saved.dy.len() / self.units;
        let dy = Matrix::new(saved.dy, batch, self.units);
        if let Some(dx) = dx {
            self.input_gradient(dy, &weight.values, dx);
        }
        self.weight_gradient(dy, saved.x, dweight, scratch);
        dbias.fill(0.0);
        add_bias_gradient(self.engine.arch(), saved.dy, dbias);
    }
}
