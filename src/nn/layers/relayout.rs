//! Where images change between `[channels, height, width]` (NCHW), as in files and in PyTorch, and
//! `[height, width, channels]` (NHWC), as the ops have them.

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use crate::nn::parameter::Parameter;
use crate::nn::python::PythonLayer;
use crate::simd::Matrix;
use crate::simd::buffer::Buffer;
use crate::spec::Shape;

/// Rows and columns of the blocks that a matrix is transposed in: both sides then stay in the cache.
const BLOCK: usize = 16;

/// `out[j][i] = x[i][j]` for `rows` rows.
pub fn transpose(x: &[f32], rows: usize, out: &mut [f32]) {
    transpose_rows(Matrix::new(x, rows, x.len() / rows.max(1)), out);
}

/// `out` `[columns, rows]` without gaps, the transpose of `matrix` `[rows, columns]`.
pub fn transpose_rows(matrix: Matrix<'_>, out: &mut [f32]) {
    let (rows, columns) = (matrix.row_count(), matrix.column_count());
    for row in (0..rows).step_by(BLOCK) {
        for column in (0..columns).step_by(BLOCK) {
            if row + BLOCK <= rows && column + BLOCK <= columns {
                let block = matrix.rows(row, BLOCK).columns(column, BLOCK);
                transpose_block(block, &mut out[column * rows + row..], rows);
                continue;
            }
            for i in row..rows.min(row + BLOCK) {
                let line = matrix.row(i);
                for j in column..columns.min(column + BLOCK) {
                    out[j * rows + i] = line[j];
                }
            }
        }
    }
}

/// A whole block, whose rows are `rows` values apart in `out`: with sizes known to the compiler no value
/// is tested for being inside.
fn transpose_block(matrix: Matrix<'_>, out: &mut [f32], rows: usize) {
    let mut block = [[0.0; BLOCK]; BLOCK];
    for (row, line) in block.iter_mut().enumerate() {
        line.copy_from_slice(matrix.row(row));
    }
    for (j, out) in out.chunks_mut(rows).take(BLOCK).enumerate() {
        for (out, line) in out[..BLOCK].iter_mut().zip(&block) {
            *out = line[j];
        }
    }
}

/// The Flatten layer, of values of shape `input`, as Python code. Keras has the channels last: they come first, as in
/// PyTorch, so that the weights after it are in one order.
pub fn python(input: Shape) -> PythonLayer {
    let permute =
        matches!(input, Shape::Image { .. }).then(|| "x = layers.Permute((3, 1, 2))(x)".into());
    PythonLayer::new("nn.Flatten()", "layers.Flatten()").after(permute)
}

/// From one layout to the other: every image is a matrix that is transposed.
pub struct Relayout {
    /// Rows of an image's matrix that goes in.
    rows: usize,
    /// Rows of what comes out.
    columns: usize,
    /// Whether it stands for a Flatten layer of the spec.
    is_layer: bool,
}

impl Relayout {
    /// NCHW to NHWC, before the first layer.
    pub fn channels_last(channels: usize, area: usize) -> Self {
        Self {
            rows: channels,
            columns: area,
            is_layer: false,
        }
    }

    /// NHWC to NCHW, after the last layer.
    pub fn channels_first(channels: usize, area: usize) -> Self {
        Self {
            rows: area,
            columns: channels,
            is_layer: false,
        }
    }

    /// The same as a Flatten layer.
    pub fn flatten(channels: usize, area: usize) -> Self {
        Self {
            is_layer: true,
            ..Self::channels_first(channels, area)
        }
    }

    fn len(&self) -> usize {
        self.rows * self.columns
    }
}

fn transpose_all(x: &[f32], rows: usize, len: usize, out: &mut [f32]) {
    // One row or one column is its own transpose.
    if rows <= 1 || rows == len {
        return out.copy_from_slice(x);
    }
    for (x, out) in x.chunks_exact(len).zip(out.chunks_exact_mut(len)) {
        transpose(x, rows, out);
    }
}

impl Op for Relayout {
    fn input_len(&self) -> usize {
        self.len()
    }

    fn output_len(&self) -> usize {
        self.len()
    }

    fn memory(&self) -> OpMemory {
        OpMemory::default()
    }

    fn needs_input(&self) -> bool {
        false
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        transpose_all(x, self.rows, self.len(), y);
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Buffer],
    ) {
        if let Some(dx) = dx {
            transpose_all(saved.dy, self.columns, self.len(), dx);
        }
    }

    fn trace(
        &self,
        parameters: &[Parameter],
        x: &[f32],
        scratch: &mut Scratch,
        outputs: &mut Vec<Vec<f32>>,
    ) -> Vec<f32> {
        let y = self.evaluate_one(parameters, x, scratch);
        if self.is_layer {
            outputs.push(y.clone());
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_where_we_were() {
        for (rows, columns) in [(1, 1), (3, 5), (16, 16), (17, 40)] {
            let x: Vec<f32> = (0..rows * columns).map(|value| value as f32).collect();
            let mut there = vec![f32::NAN; x.len()];
            transpose(&x, rows, &mut there);
            assert_eq!(there[rows - 1], x[(rows - 1) * columns]);
            let mut back = vec![f32::NAN; x.len()];
            transpose(&there, columns, &mut back);
            assert_eq!(back, x);
        }
    }
}
